import { Button, Group, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { atLeast, type Workspace } from '../../core/team/people'
import { asApiError, deleteWorkspace, renameWorkspace } from '../../server/rest'
import { meQuery } from '../../state/me'
import { Confirm } from '../../ui/Confirm'
import { Failure } from '../../ui/Failure'
import { Section } from '../../ui/Section'

/** Rename or delete a workspace; `only` is a user's last one, which stays. */
export function WorkspaceSettings({ workspace, only }: { workspace: Workspace; only: boolean }) {
  const queries = useQueryClient()
  const [name, setName] = useState(workspace.name)
  const [deleting, setDeleting] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: meQuery.queryKey })
  const rename = useMutation({ mutationFn: () => renameWorkspace(workspace.id, name.trim()), onSuccess: refresh })
  const remove = useMutation({ mutationFn: () => deleteWorkspace(workspace.id), onSuccess: refresh })
  if (!atLeast(workspace.role, 'admin')) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate()
  }
  return (
    <Section title="Workspace" help="Everyone in the workspace sees its name. Deleting it cannot be undone.">
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-end">
          <TextInput label="Name" w={240} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Button variant="default" type="submit" loading={rename.isPending} disabled={!name.trim() || name.trim() === workspace.name}>Rename</Button>
          {workspace.role === 'owner' && !only && <Button variant="default" onClick={() => setDeleting(true)}>Delete workspace</Button>}
        </Group>
      </form>
      {rename.error && <Failure error={asApiError(rename.error)} />}
      <Confirm
        opened={deleting} onClose={() => setDeleting(false)} title={`Delete “${workspace.name}”?`} action="Delete workspace"
        onConfirm={() => remove.mutate()} busy={remove.isPending} error={remove.error && asApiError(remove.error)}
      >
        All its pipelines, datasets and runs are deleted for every member. This cannot be undone.
      </Confirm>
    </Section>
  )
}
