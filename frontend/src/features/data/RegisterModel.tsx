import { Anchor, Button, Text, Textarea, TextInput } from '@mantine/core'
import { IconRosetteDiscountCheck } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { modelNameProblem, suggestedName } from '../../core/data/models'
import { asApiError, getRun, registerModel, type PortPlace } from '../../server/rest'
import { modelsQuery } from '../../state/models'
import { useRegistering } from '../../state/registering'
import { useRun } from '../../state/run'
import { useMayEdit } from '../../state/workspace'
import { Dialog } from '../../ui/Dialog'

interface Props {
  place: PortPlace
  /** Of the card, as the suggested name. */
  label: string
}

/** Registers a trained model as a version, on the canvas and on the page of a run. */
export function RegisterModel({ place, label }: Props) {
  const watched = useRun((state) => (state.run?.id === place.run ? state.run.workspace : undefined))
  const asked = useQuery({ queryKey: ['run', place.run], queryFn: () => getRun(place.run), enabled: watched === undefined })
  const workspace = watched ?? asked.data?.workspace
  const edits = useMayEdit(workspace)
  const opened = useRegistering(({ open }) => open?.node === place.node && open.port === place.port)
  if (!edits) return null
  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={<IconRosetteDiscountCheck size={14} stroke={1.6} />} onClick={() => useRegistering.setState({ open: { node: place.node, port: place.port } })}>Register model</Button>
      {opened && <RegisterDialog place={place} label={label} workspace={workspace} onClose={() => useRegistering.setState({ open: null })} />}
    </>
  )
}

function RegisterDialog({ place, label, workspace, onClose }: Props & { workspace: string | undefined; onClose: () => void }) {
  const queries = useQueryClient()
  const models = useQuery(modelsQuery(workspace))
  const [name, setName] = useState(suggestedName(label))
  const [note, setNote] = useState('')
  const registering = useMutation({
    mutationFn: () => registerModel(place, name, note),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      await queries.invalidateQueries({ queryKey: ['model', id] })
    },
  })
  const made = registering.data
  const trouble = modelNameProblem(name)
  const known = models.data?.find((model) => model.name === name || model.former_names.includes(name))
  const send = () => {
    if (made) onClose()
    else if (name && !trouble) registering.mutate()
  }
  const buttons = made ? <Button type="submit" data-autofocus>Close</Button> : (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={registering.isPending} disabled={!name || trouble !== null}>Register</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title="Register model" error={registering.error && asApiError(registering.error)} onSubmit={send} buttons={buttons}>
      {made ? (
        <Text role="status">
          {made.new ? 'Registered as' : 'The same model is registered already, as'} <Anchor component={Link} href={`/models/${made.id}`}>{made.name}, version {made.version}</Anchor>.
        </Text>
      ) : (
        <>
          <TextInput
            label="Name" data-autofocus value={name} error={trouble} onChange={(event) => setName(event.currentTarget.value)}
            description={known ? `Adds version ${(known.versions[0]?.number ?? 0) + 1} to “${known.name}”.` : 'Creates a model. Pipelines and endpoints refer to it by this name.'}
          />
          <Textarea label="Note" description="What is special about this version." autosize minRows={2} maxRows={6} maxLength={2000} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        </>
      )}
    </Dialog>
  )
}
