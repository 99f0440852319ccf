/** The members of a workspace. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { getMembers } from '../server/rest'
import { colourOf } from './people'

export const membersQuery = (workspace: string) => queryOptions({ queryKey: ['members', workspace], queryFn: () => getMembers(workspace), staleTime: 60_000 })

/** The colours of members by name, for what only has the name; a name that two members share has none. */
export function useMemberColours(workspace: string | undefined): Record<string, string | undefined> {
  const { data: members } = useQuery({ ...membersQuery(workspace ?? ''), enabled: workspace !== undefined })
  return useMemo(() => {
    const colours: Record<string, string | undefined> = {}
    for (const { user } of members ?? []) {
      const name = user.name || user.email
      colours[name] = name in colours ? undefined : colourOf(user.id)
    }
    return colours
  }, [members])
}
