/** Endpoints: read again while something changes by itself. */
import { useQuery } from '@tanstack/react-query'
import { isGoing } from '../core/endpoints/endpoints'
import { getDrift, getEndpoint, getEndpoints, getKeeping, getMonitor, getTruth } from '../server/rest'

const SOON = 1000
const FRESH = 5000

export const endpointsKey = (workspace: string | undefined) => ['endpoints', { workspace }]
export const endpointKey = (id: string) => ['endpoints', id]

export const useEndpoints = (workspace: string) => useQuery({
  queryKey: endpointsKey(workspace), queryFn: () => getEndpoints(workspace),
  refetchInterval: (query) => (query.state.data?.some(({ state }) => isGoing(state)) ? SOON : FRESH),
})

export const useEndpoint = (id: string) => useQuery({
  queryKey: endpointKey(id), queryFn: () => getEndpoint(id),
  refetchInterval: (query) => (query.state.data?.listed.some(({ state }) => isGoing(state)) ? SOON : FRESH),
})

export const useMonitor = (id: string, minutes = 60) => useQuery({ queryKey: [...endpointKey(id), 'monitor', minutes], queryFn: () => getMonitor(id, minutes), refetchInterval: FRESH })

export const useDrift = (id: string, version: number | null) => useQuery({ queryKey: [...endpointKey(id), 'drift', version], queryFn: () => getDrift(id, version ?? undefined), refetchInterval: FRESH })

export const useKeeping = (id: string) => useQuery({ queryKey: [...endpointKey(id), 'keeping'], queryFn: () => getKeeping(id), refetchInterval: FRESH })

export const useTruth = (id: string) => useQuery({ queryKey: [...endpointKey(id), 'truth'], queryFn: () => getTruth(id), refetchInterval: 6 * FRESH })
