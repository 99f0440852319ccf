/** The component of a sub-pipeline: saving it as one, which version this is, and updating it. */
import { Button, Group as Row, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { contentOf } from '../../core/graph/components'
import type { Group } from '../../core/graph/graph'
import { asApiError, createComponent, publishComponent, type Component } from '../../server/rest'
import { useComponentOf } from '../../state/components'
import { useDocument } from '../../state/document'
import { applyUpdate, plannedUpdate } from '../../state/groups'
import { Dialog } from '../../ui/Dialog'
import { Failure } from '../../ui/Failure'
import classes from './Inspector.module.css'

interface Props {
  id: string
  group: Group
  readOnly: boolean
}

function SaveDialog({ id, group, onClose }: Pick<Props, 'id' | 'group'> & { onClose: () => void }) {
  const client = useQueryClient()
  const pipeline = useDocument(({ pipelineId }) => pipelineId) ?? ''
  const [name, setName] = useState(group.title)
  const [description, setDescription] = useState('')
  const saving = useMutation({
    mutationFn: () => createComponent({ pipeline, group: id, name: name.trim(), description }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['components'] })
      onClose()
    },
  })
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={saving.isPending} disabled={!name.trim()}>Save component</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Save “${group.title}” as a component`} error={saving.error && asApiError(saving.error)} onSubmit={() => name.trim() && saving.mutate()} buttons={buttons}>
      <TextInput label="Name" maxLength={200} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={!name.trim() && 'Enter a name.'} />
      <Textarea label="Description" maxLength={4000} autosize minRows={3} maxRows={8} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
    </Dialog>
  )
}

function UpdateDialog({ id, component, onClose }: { id: string; component: Component; onClose: () => void }) {
  const { newest, name } = component
  const content = contentOf(newest, name)
  const [update] = useState(() => content && plannedUpdate(id, content))
  const apply = () => {
    if (update) applyUpdate(update)
    onClose()
  }
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button disabled={!update || update.refusal !== null} onClick={apply}>Update</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Update “${name}” to version ${newest.version}`} buttons={buttons}>
      {update?.refusal ? <Text fz={13}>{update.refusal}</Text> : update?.words.map((words) => <Text key={words} fz={13}>{words}</Text>)}
      {update?.words.length === 0 && !update.refusal && <Text fz={13}>No module and no setting changes.</Text>}
      <Text fz={12} c="dimmed">The values of the settings on this card stay. Undo takes the update back.</Text>
    </Dialog>
  )
}

function Instance({ id, component, version, readOnly }: { id: string; component: Component; version: number; readOnly: boolean }) {
  const client = useQueryClient()
  const pipeline = useDocument(({ pipelineId }) => pipelineId) ?? ''
  const [updating, setUpdating] = useState(false)
  const saving = useMutation({ mutationFn: () => publishComponent(component.id, { pipeline, group: id }), onSuccess: () => client.invalidateQueries({ queryKey: ['components'] }) })
  const { newest, name } = component
  return (
    <>
      <Text fz={13}>“{name}”, version {version}.{newest.version > version && ` Version ${newest.version} is available.`}</Text>
      {saving.data && <Text fz={12} c="dimmed" role="status">This is version {saving.data.version}.</Text>}
      {saving.error && <Failure error={asApiError(saving.error)} />}
      {!readOnly && (
        <Row gap="xs" mt={8}>
          {newest.version > version && <Button size="xs" onClick={() => setUpdating(true)}>Update to version {newest.version}…</Button>}
          <Button size="xs" variant="default" data-once loading={saving.isPending} onClick={() => saving.mutate()}>Save as new version</Button>
        </Row>
      )}
      {updating && <UpdateDialog id={id} component={component} onClose={() => setUpdating(false)} />}
    </>
  )
}

export function GroupComponent({ id, group, readOnly }: Props) {
  const component = useComponentOf(group)
  const [saving, setSaving] = useState(false)
  const origin = group.component
  if (!origin && readOnly) return null
  return (
    <section className={classes.part} aria-label="Component">
      {origin && component && <Instance id={id} component={component} version={origin.version} readOnly={readOnly} />}
      {origin && component === null && <Text fz={12} c="dimmed">Version {origin.version} of a component that is not in this workspace. The modules are all here.</Text>}
      {!readOnly && (!origin || component === null) && <Button size="xs" variant="default" onClick={() => setSaving(true)}>Save as component…</Button>}
      {saving && <SaveDialog id={id} group={group} onClose={() => setSaving(false)} />}
    </section>
  )
}
