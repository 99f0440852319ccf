/** Who is signed in, and the workspace they work in. */
import { queryOptions } from '@tanstack/react-query'
import { getMe } from '../server/rest'

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: getMe, staleTime: Infinity })
