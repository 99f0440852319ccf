import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { asApiError, renamePipeline, type Pipeline } from '../../server/rest'
import { Failure } from '../../ui/Failure'

export function RenamePipeline({ pipeline, onClose }: { pipeline: Pipeline; onClose: () => void }) {
  const client = useQueryClient()
  const [name, setName] = useState(pipeline.name)
  const wanted = name.trim()
  const changed = wanted !== '' && wanted !== pipeline.name
  const renaming = useMutation({
    mutationFn: () => renamePipeline(pipeline.id, wanted),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['pipelines'] })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (changed) renaming.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={`Rename “${pipeline.name}”`} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput label="Name" maxLength={200} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={wanted === '' && 'Enter a name.'} />
          {renaming.error && <Failure error={asApiError(renaming.error)} />}
          <Group justify="flex-end"><Button type="submit" loading={renaming.isPending} disabled={!changed}>Rename</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}
