import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { atLeast } from '../../core/team/people'
import { useMe } from '../../state/me'
import { membersQuery } from '../../state/members'

interface Props {
  workspace: string
  /** Null for oneself, in a new one. */
  person: string | null
  onChange: (person: string) => void
}

/** The person whose rights the runs have: oneself, or, for admins, any member who may start runs. */
export function RunsAs({ workspace, person, onChange }: Props) {
  const me = useMe()
  const { data: members = [] } = useQuery(membersQuery(workspace))
  const own = members.find(({ user }) => user.id === me?.user.id)
  const shown = person ?? me?.user.id
  const offered = members.filter(({ user, role }) => user.id === shown || (atLeast(role, 'editor') && (user.id === own?.user.id || (own && atLeast(own.role, 'admin')))))
  if (offered.length < 2) return null
  return (
    <NativeSelect
      label="Runs as" description="Runs have the rights of this person" value={shown} onChange={(event) => onChange(event.currentTarget.value)}
      data={offered.map(({ user }) => ({ value: user.id, label: user.name || user.email }))}
    />
  )
}
