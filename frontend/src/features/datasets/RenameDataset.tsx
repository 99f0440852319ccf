import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { namesChanged, titleOf, type Dataset } from '../../core/data/datasets'
import { asApiError, renameDataset } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'

/** The title is for display; pipelines use the name. */
export function RenameDataset({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const queries = useQueryClient()
  const [title, setTitle] = useState(titleOf(dataset))
  const [name, setName] = useState(dataset.name)
  const changes = namesChanged(dataset, { title, name })
  const renaming = useMutation({
    mutationFn: () => renameDataset(dataset.id, changes ?? {}),
    onSuccess: async (renamed) => {
      queries.setQueryData(['dataset', dataset.id], renamed)
      onClose()
      await queries.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
  const send = () => {
    if (changes) renaming.mutate()
  }
  const other = name.trim() !== dataset.name
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={renaming.isPending} disabled={!changes}>Rename</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Rename “${titleOf(dataset)}”`} error={renaming.error && asApiError(renaming.error)} onSubmit={send} buttons={buttons}>
      <TextInput label="Title" description="Shown in lists and on cards." data-autofocus value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      <TextInput
        label="Name" description={other ? 'Pipelines that use the current name will report a missing dataset until you select it there again.' : 'The name in pipelines: lowercase letters, digits and underscores.'}
        value={name} onChange={(event) => setName(event.currentTarget.value)}
      />
    </Dialog>
  )
}
