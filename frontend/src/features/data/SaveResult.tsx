import { ActionIcon, Button, Text, TextInput } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asApiError, saveOutput, type PortPlace } from '../../server/rest'
import { useDocument } from '../../state/document'
import { Dialog } from '../../ui/Dialog'

interface Props {
  place: PortPlace
  /** Of the card, as the suggested name. */
  label: string
}

/** Saves a value in the workspace, for other pipelines to load. */
export function SaveResult({ place, label }: Props) {
  const [opened, setOpened] = useState(false)
  const readOnly = useDocument((state) => state.readOnly)
  if (readOnly) return null
  return (
    <>
      <ActionIcon size={28} onClick={() => setOpened(true)} aria-label="Save to the workspace" title="Save to the workspace"><IconDeviceFloppy size={16} stroke={1.6} /></ActionIcon>
      {opened && <SaveDialog place={place} label={label} onClose={() => setOpened(false)} />}
    </>
  )
}

function SaveDialog({ place, label, onClose }: Props & { onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState(label)
  const saving = useMutation({ mutationFn: () => saveOutput(place, name.trim()), onSuccess: () => queries.invalidateQueries({ queryKey: ['datasets'] }) })
  const saved = saving.data
  const send = () => {
    if (saved) onClose()
    else if (name.trim()) saving.mutate()
  }
  const buttons = saved ? <Button type="submit" data-autofocus>Close</Button> : (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={saving.isPending} disabled={!name.trim()}>Save</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title="Save to the workspace" error={saving.error && asApiError(saving.error)} onSubmit={send} buttons={buttons}>
      {saved ? <Text role="status">Saved as “{saved.name}”, version {saved.version}. Other pipelines can load it.</Text> : (
        <TextInput label="Name" description="An existing name of the same kind gets a new version." data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
      )}
    </Dialog>
  )
}
