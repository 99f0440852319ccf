import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asApiError, createWorkspace } from '../../server/rest'
import { meQuery } from '../../state/me'
import { Dialog } from '../../ui/Dialog'

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
  const send = () => {
    if (name.trim()) make.mutate()
  }
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={make.isPending} disabled={!name.trim()}>Create workspace</Button>
    </>
  )
  return (
    <Dialog opened={opened} onClose={onClose} title="New workspace" error={make.error && asApiError(make.error)} onSubmit={send} buttons={buttons}>
      <TextInput label="Name" description="Its members share pipelines, datasets and runs." data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
    </Dialog>
  )
}
