import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { asApiError, createWorkspace } from '../../server/rest'
import { meQuery } from '../../state/me'
import { Failure } from '../../ui/Failure'

interface Props {
  opened: boolean
  onClose: () => void
  onMade: (id: string) => void
}

export function NewWorkspace({ opened, onClose, onMade }: Props) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () => createWorkspace(name.trim()),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: meQuery.queryKey })
      onMade(made.id)
      setName('')
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) make.mutate()
  }
  return (
    <Modal opened={opened} onClose={onClose} title="New workspace" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput label="Name" description="Its members share pipelines, datasets and runs." data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
          {make.error && <Failure error={asApiError(make.error)} />}
          <Group justify="flex-end"><Button type="submit" loading={make.isPending} disabled={!name.trim()}>Create workspace</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}
