import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asApiError, renamePipeline, type Pipeline } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'

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
  const send = () => {
    if (changed) renaming.mutate()
  }
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={renaming.isPending} disabled={!changed}>Rename</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Rename “${pipeline.name}”`} error={renaming.error && asApiError(renaming.error)} onSubmit={send} buttons={buttons}>
      <TextInput label="Name" maxLength={200} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={wanted === '' && 'Enter a name.'} />
    </Dialog>
  )
}
