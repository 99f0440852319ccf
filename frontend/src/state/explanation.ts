/** Why a step was reused or executed: fetched on demand, and final once the step is. */
import { useQuery } from '@tanstack/react-query'
import { getWhy } from '../server/rest'

export const useExplanation = (run: string, node: string) => useQuery({ queryKey: ['why', run, node], queryFn: () => getWhy(run, node), staleTime: Infinity })
