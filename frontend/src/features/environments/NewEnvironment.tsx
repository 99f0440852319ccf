import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { nameProblem, type Environment } from '../../core/team/environments'
import { asApiError, createEnvironment } from '../../server/rest'
import { environmentsKey } from '../../state/environments'
import { Dialog } from '../../ui/Dialog'

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
  const send = () => {
    if (name && !trouble) make.mutate()
  }
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={make.isPending} disabled={!name || trouble !== null}>Create and build</Button>
    </>
  )
  return (
    <Dialog opened={opened} onClose={onClose} title="New environment" error={make.error && asApiError(make.error)} onSubmit={send} buttons={buttons}>
      <TextInput label="Name" description="Modules refer to it by this name." placeholder="maps" data-autofocus value={name} error={trouble} onChange={(event) => setName(event.currentTarget.value)} />
      <Textarea
        label="Packages" description="One per line, with versions so that builds are reproducible." placeholder={'shapely==2.1.2\nnetworkx>=3'} autosize minRows={5} maxRows={14}
        styles={{ input: { fontFamily: 'var(--mono)' } }} value={requirements} onChange={(event) => setRequirements(event.currentTarget.value)}
      />
    </Dialog>
  )
}
