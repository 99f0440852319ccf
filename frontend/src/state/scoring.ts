/** The scoring pipeline of a run, and its proof, which is read again while a worker makes it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { asApiError } from '../core/base/apiError'
import type { Run } from '../core/runs/runs'
import { isDeriving, scoredChoices, type Proof } from '../core/runs/scoring'
import { getProof, getRun, getScoring, startProof } from '../server/rest'
import { loadCatalogue, useCatalogue } from './catalogue'

const SOON = 1000
const AT_ONCE = 100 // the server waits a second before it answers that a worker still derives

export const useFinishedRun = (id: string) => useQuery({ queryKey: ['run', id], queryFn: () => getRun(id), enabled: id !== '' })

/** The outputs of a run that can be served, with the names of their steps. */
export function useScoredChoices(run: Run | undefined) {
  const catalogue = useCatalogue()
  useEffect(() => void loadCatalogue(), [])
  return useMemo(() => (run ? scoredChoices(run, catalogue) : []), [run, catalogue])
}

/** A run that still goes, and one that a worker still derives, is asked for again. */
export const useScoring = (run: string, scored: string | undefined) => useQuery({
  queryKey: ['scoring', run, scored], queryFn: () => getScoring(run, scored), staleTime: 60_000,
  refetchInterval: ({ state }) => (state.data && isDeriving(state.data) && !state.error ? AT_ONCE : state.error && asApiError(state.error).code === 'still_going' ? SOON : false),
})

const proofKey = (run: string, scored: string) => ['scoring', run, scored, 'proof']

/** The last proof; null while nobody has asked for one. */
export const useProof = (run: string, scored: string, known: Proof | null) => useQuery({
  queryKey: proofKey(run, scored), queryFn: () => getProof(run, scored), initialData: known, staleTime: Infinity,
  refetchInterval: ({ state }) => (state.data?.state === 'proving' ? SOON : false),
})

export function useStartProof(run: string, scored: string) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: () => startProof(run, scored), onSuccess: (proof) => queries.setQueryData(proofKey(run, scored), proof) })
}
