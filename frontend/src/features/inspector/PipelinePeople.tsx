/** Who may see the pipeline, those on this page first, with what they have selected. */
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { nodeTitle } from '../../core/graph/connect'
import { atLeast, nameOf } from '../../core/team/people'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph } from '../../state/document'
import { useMe } from '../../state/me'
import { membersQuery } from '../../state/members'
import { colourOf, usePeople, type Person } from '../../state/people'
import { Avatar } from '../../ui/Avatar'
import inspector from './Inspector.module.css'
import { Part } from './Part'

const LISTED = 6

/** What somebody else has selected, in words. */
function useWhere() {
  const catalogue = useCatalogue()
  return ({ chosen }: Person) => {
    const [first] = chosen
    return first === undefined ? 'here now' : chosen.length > 1 ? `${chosen.length} modules` : nodeTitle(currentGraph(), catalogue, first)
  }
}

export function PipelinePeople({ workspace }: { workspace: string | undefined }) {
  const me = useMe()
  const others = usePeople((state) => state.others)
  const { data: members = [] } = useQuery({ ...membersQuery(workspace ?? ''), enabled: workspace !== undefined })
  const where = useWhere()
  const here = new Map(others.map((person) => [person.id, person]))
  const rank = (id: string) => (id === me?.user.id ? 0 : here.has(id) ? 1 : 2)
  const sorted = members.toSorted((one, two) => rank(one.user.id) - rank(two.user.id))
  const role = members.find(({ user }) => user.id === me?.user.id)?.role
  if (!role) return null
  return (
    <Part title="People" end={atLeast(role, 'editor') ? 'You can edit' : 'View only'}>
      {sorted.slice(0, LISTED).map(({ user, role: theirs }) => {
        const name = nameOf(user, false)
        const person = here.get(user.id)
        return (
          <div key={user.id} className={inspector.line} data-person>
            <Avatar name={name} colour={colourOf(user.id)} />
            <span>{user.id === me?.user.id ? 'You' : name}</span>
            <span className={inspector.value}>{person ? where(person) : theirs}</span>
          </div>
        )
      })}
      {(members.length > LISTED || atLeast(role, 'owner')) && <Link href="/team" className={inspector.link}>{members.length > LISTED ? `All ${members.length} members` : 'Invite people'}</Link>}
    </Part>
  )
}
