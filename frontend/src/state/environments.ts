/** The environments of a workspace, polled while one of them is being built. */
import { useQuery } from '@tanstack/react-query'
import { isBuilding } from '../core/team/environments'
import { getEnvironments } from '../server/rest'

const FRESH_EVERY = 2000

export const environmentsKey = (workspace: string | undefined) => ['environments', workspace]

export const useEnvironments = (workspace: string | undefined) => useQuery({
  queryKey: environmentsKey(workspace), queryFn: () => getEnvironments(workspace),
  refetchInterval: (query) => (query.state.data?.some(({ state }) => isBuilding(state)) ? FRESH_EVERY : false),
})
