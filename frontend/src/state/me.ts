/** The signed-in user and their workspaces; other users may add them, or change their role, meanwhile. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getMe } from '../server/rest'

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: getMe, staleTime: 60_000 })
export const useMe = () => useQuery(meQuery).data
export const tokensKey = ['tokens']
export const signInsKey = ['sign-ins']
