/** Why a step was reused or executed: fetched on demand, and final once the step is. */
import { useQuery } from '@tanstack/react-query'
import { getWhy } from '../server/rest'

/** `columns` compares changed tables as well, which reads them. */
export const useExplanation = (run: string, node: string, columns: boolean, enabled = true) =>
  useQuery({ queryKey: ['why', run, node, columns], queryFn: () => getWhy(run, node, columns), staleTime: Infinity, enabled })
