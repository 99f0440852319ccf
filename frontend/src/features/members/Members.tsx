import { Button, Group, NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { atLeast, mayLeave, nameOf, ROLES, type Member, type Role, type User, type Workspace } from '../../core/team/people'
import { asApiError, changeRole, getMembers, removeMember } from '../../server/rest'
import { colourOf } from '../../state/people'
import { Avatar } from '../../ui/Avatar'
import { ConfirmAction } from '../../ui/ConfirmAction'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'
import { AddMember } from './AddMember'

/** The members of one workspace. Admins change roles, up to their own. */
export function Members({ workspace, me }: { workspace: Workspace; me: User }) {
  const queries = useQueryClient()
  const key = ['members', workspace.id]
  const members = useQuery({ queryKey: key, queryFn: () => getMembers(workspace.id) })
  const refresh = () => queries.invalidateQueries({ queryKey: key })
  const role = useMutation({ mutationFn: ({ user, to }: { user: string; to: Role }) => changeRole(workspace.id, user, to), onSettled: refresh })
  const [leaving, setLeaving] = useState<User | null>(null)
  const manages = atLeast(workspace.role, 'admin')
  return (
    <Section title={`Members of ${workspace.name}`} help={`Your role is ${workspace.role}. Viewers can look and download. Editors can also change and run pipelines. Admins can also manage members. Owners can also delete the workspace.`}>
      {manages && <AddMember workspace={workspace} onAdded={() => void refresh()} />}
      {role.error && <Failure error={asApiError(role.error)} />}
      <QueryBoundary query={members}>
        {(all) => (
          <div className={list.scroller}>
            <table className={list.list}>
              <thead><tr><th scope="col">Name</th><th scope="col" data-wide>Email</th><th scope="col">Role</th><td /></tr></thead>
              <tbody>
                {all.map((member) => (
                  <MemberRow
                    key={member.user.id} member={member} mine={workspace.role} manages={manages && atLeast(workspace.role, member.role)} self={member.user.id === me.id} leaves={mayLeave(member, all)}
                    onRole={(to) => role.mutate({ user: member.user.id, to })} onRemove={() => setLeaving(member.user)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryBoundary>
      {leaving && <Remove workspace={workspace} user={leaving} self={leaving.id === me.id} onClose={() => setLeaving(null)} onDone={refresh} />}
    </Section>
  )
}

function Remove({ workspace, user, self, onClose, onDone }: { workspace: Workspace; user: User; self: boolean; onClose: () => void; onDone: () => Promise<void> }) {
  const title = self ? `Leave “${workspace.name}”?` : `Remove ${nameOf(user, false)} from “${workspace.name}”?`
  return (
    <ConfirmAction onClose={onClose} title={title} action={self ? 'Leave' : 'Remove'} act={() => removeMember(workspace.id, user.id)} onTried={onDone}>
      {self ? 'You lose access at once. Schedules and triggers that run as you are paused.' : 'They lose access at once. Schedules and triggers that run as them are paused.'} What was made stays.
    </ConfirmAction>
  )
}

interface RowProps {
  member: Member
  mine: Role
  manages: boolean
  self: boolean
  leaves: boolean
  onRole: (role: Role) => void
  onRemove: () => void
}

function MemberRow({ member: { user, role }, mine, manages, self, leaves, onRole, onRemove }: RowProps) {
  return (
    <tr>
      <td><Group gap="xs" wrap="nowrap"><Avatar name={user.name || user.email} colour={colourOf(user.id)} size={20} />{nameOf(user, self)}</Group></td>
      <td data-wide className={list.soft}>{user.email}</td>
      <td data-control>
        {manages && !self
          ? <NativeSelect miw={110} aria-label={`Role of ${user.name || user.email}`} value={role} data={ROLES.filter((one) => atLeast(mine, one))} onChange={(event) => onRole(event.currentTarget.value as Role)} />
          : role}
      </td>
      <td data-actions>{(self ? leaves : manages) && <Button size="compact-xs" variant="subtle" color="gray" onClick={onRemove}>{self ? 'Leave' : 'Remove'}</Button>}</td>
    </tr>
  )
}
