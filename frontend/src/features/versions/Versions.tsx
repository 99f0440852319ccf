/** Versions of the pipeline: save the current state, view existing ones, continue from one. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'
import { counted } from '../../core/base/numbers'
import { copyName } from '../../core/pipelines/versions'
import { asApiError, createPipeline, createVersion, getVersions, type Version } from '../../server/rest'
import { useDocument } from '../../state/document'
import { useView } from '../../state/view'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { Timestamp } from '../../ui/Timestamp'
import classes from './Versions.module.css'

const close = () => useView.setState({ versions: false })

function SaveVersion({ pipeline }: { pipeline: string }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  // The server copies its own state: edits still in transit would be missing.
  const kept = useDocument((state) => state.saved === 'saved')
  const keeping = useMutation({
    mutationFn: () => createVersion(pipeline, name.trim()),
    onSuccess: async () => {
      setName('')
      await queries.invalidateQueries({ queryKey: ['versions', pipeline] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() && kept) keeping.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput flex={1} size="xs" maxLength={200} label="Version name" placeholder="Before the new features" data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button size="xs" type="submit" loading={keeping.isPending} disabled={!name.trim() || !kept}>Save version</Button>
      </Group>
      {keeping.error && <Failure error={asApiError(keeping.error)} />}
    </form>
  )
}

function Row({ version, onOpen, busy }: { version: Version; onOpen: (() => void) | null; busy: boolean }) {
  return (
    <li className={classes.version}>
      <span className={classes.words}>
        <strong>{version.name}</strong>
        <span><Timestamp at={version.created_at} />{version.created_by && ` by ${version.created_by}`}, {counted(Object.keys(version.graph.nodes).length, 'module')}</span>
      </span>
      {onOpen && <Button size="compact-xs" variant="default" flex="none" disabled={busy} onClick={onOpen} aria-label={`Open as a copy: ${version.name}`}>Open as a copy</Button>}
    </li>
  )
}

function Panel({ pipeline, workspace }: { pipeline: string; workspace: string | undefined }) {
  const [, go] = useLocation()
  const readOnly = useDocument((state) => state.readOnly)
  const name = useDocument((state) => state.name)
  const versions = useQuery({ queryKey: ['versions', pipeline], queryFn: () => getVersions(pipeline) })
  const opening = useMutation({
    mutationFn: (version: Version) => createPipeline({ name: copyName(name, version.name), workspace, graph: version.graph }),
    onSuccess: ({ id }) => {
      close()
      go(`/pipelines/${id}`)
    },
  })
  return (
    <Stack gap="md">
      {!readOnly && <SaveVersion pipeline={pipeline} />}
      {opening.error && <Failure error={asApiError(opening.error)} />}
      <QueryBoundary query={versions}>
        {(all) => all.length === 0 ? <Empty title="No versions yet">A version is a named snapshot; later edits do not change it.</Empty> : (
          <ul className={classes.versions}>
            {all.map((version) => <Row key={version.id} version={version} busy={opening.isPending} onOpen={readOnly ? null : () => opening.mutate(version)} />)}
          </ul>
        )}
      </QueryBoundary>
      {!readOnly && <Text fz={12} c="dimmed">A copy opens as a new pipeline. This pipeline does not change.</Text>}
    </Stack>
  )
}

export function Versions({ pipeline, workspace }: { pipeline: string; workspace: string | undefined }) {
  const open = useView((view) => view.versions)
  return <Modal opened={open} onClose={close} title="Versions" yOffset="12vh" closeButtonProps={{ 'aria-label': 'Close' }}>{open && <Panel pipeline={pipeline} workspace={workspace} />}</Modal>
}
