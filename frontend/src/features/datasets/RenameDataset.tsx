import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { namesChanged, titleOf, type Dataset } from '../../core/data/datasets'
import { asApiError, renameDataset } from '../../server/rest'
import { Failure } from '../../ui/Failure'

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
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (changes) renaming.mutate()
  }
  const other = name.trim() !== dataset.name
  return (
    <Modal opened onClose={onClose} title={`Rename ${titleOf(dataset)}`} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput label="Title" description="Display name." data-autofocus value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
          <TextInput
            label="Name" description={other ? 'Pipelines that use the current name will report a missing dataset until you choose it there again.' : 'The name in pipelines: lowercase letters, digits and underscores.'}
            value={name} onChange={(event) => setName(event.currentTarget.value)}
          />
          {renaming.error && <Failure error={asApiError(renaming.error)} />}
          <Group justify="flex-end"><Button type="submit" loading={renaming.isPending} disabled={!changes}>Rename</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}
