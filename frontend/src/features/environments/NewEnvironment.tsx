import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { nameProblem, type Environment } from '../../core/team/environments'
import { asApiError, createEnvironment } from '../../server/rest'
import { environmentsKey } from '../../state/environments'
import { Failure } from '../../ui/Failure'

interface Props {
  opened: boolean
  workspace: string
  onClose: () => void
  onMade: (one: Environment) => void
}

export function NewEnvironment({ opened, workspace, onClose, onMade }: Props) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [requirements, setRequirements] = useState('')
  const make = useMutation({
    mutationFn: () => createEnvironment({ name, requirements, workspace }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: environmentsKey(workspace) })
      setName('')
      setRequirements('')
      onClose()
      onMade(made)
    },
  })
  const trouble = name ? nameProblem(name) : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name && !trouble) make.mutate()
  }
  return (
    <Modal opened={opened} onClose={onClose} title="New environment" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput label="Name" description="Modules refer to it by this name." placeholder="maps" data-autofocus value={name} error={trouble} onChange={(event) => setName(event.currentTarget.value)} />
          <Textarea
            label="Packages" description="One per line, with versions so that builds are reproducible." placeholder={'shapely==2.1.2\nnetworkx>=3'} autosize minRows={5} maxRows={14}
            styles={{ input: { fontFamily: 'var(--mono)' } }} value={requirements} onChange={(event) => setRequirements(event.currentTarget.value)}
          />
          {make.error && <Failure error={asApiError(make.error)} />}
          <Group justify="flex-end"><Button type="submit" loading={make.isPending} disabled={!name || trouble !== null}>Create and build</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}
