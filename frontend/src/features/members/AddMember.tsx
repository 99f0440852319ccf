import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { atLeast, ROLES, type Role, type Workspace } from '../../core/team/people'
import { addMember, asApiError, invite } from '../../server/rest'
import { Failure } from '../../ui/Failure'
import { CopyLine } from '../../ui/CopyLine'

/** Adds a user who has an account, or creates a link that lets one person join. */
export function AddMember({ workspace, onAdded }: { workspace: Workspace; onAdded: () => void }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('editor')
  const add = useMutation({
    mutationFn: () => addMember(workspace.id, email.trim(), role),
    onSuccess: () => {
      setEmail('')
      onAdded()
    },
  })
  const link = useMutation({ mutationFn: () => invite(workspace.id, role) })
  const error = add.error ?? link.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (email.trim()) add.mutate()
  }
  return (
    <Stack gap="xs" mb="sm">
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-end">
          <TextInput type="email" label="Email" placeholder="name@example.org" w={240} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
          <NativeSelect label="Role" value={role} data={ROLES.filter((one) => atLeast(workspace.role, one))} onChange={(event) => setRole(event.currentTarget.value as Role)} />
          <Button type="submit" loading={add.isPending} disabled={!email.trim()}>Add</Button>
          <Button variant="default" data-once loading={link.isPending} onClick={() => link.mutate()}>Create invitation link</Button>
        </Group>
      </form>
      {link.data && <CopyLine label={`Invitation link (${role})`} help="It works once. Send it to one person." text={link.data.link} />}
      {error && <Failure error={asApiError(error)} />}
    </Stack>
  )
}
