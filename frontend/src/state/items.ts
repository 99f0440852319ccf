/** The items of a step's fan-out: a page at a time, fetched again while they go on. */
import { useThrottledValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { Question, RowsPage } from '../core/data/tables'
import { itemRows, itemSort, SCORE, type Items, type ItemState } from '../core/runs/items'
import { getBestItems, getItems } from '../server/rest'
import { useRun } from './run'

/** Rows are fetched again at most this often, in milliseconds; the best of all, which reads every item, less often. */
const ROWS_EVERY = 250
const BEST_EVERY = 2000

export interface ItemsPlace {
  run: string
  node: string
  /** The number of the fan-out; null for the last. */
  fan: number | null
}

export type ItemsHead = Pick<Items, 'fans' | 'fan' | 'figures'>

interface ItemSource {
  key: string
  version: string
  rows: (question: Question, offset: number, limit: number, signal: AbortSignal) => Promise<RowsPage>
  profile: undefined
}

/** Changes with each progress of the step. */
export const useProgress = ({ run, node }: ItemsPlace) => useRun((state) => {
  const step = state.run?.id === run ? state.run.steps[node] : undefined
  return step ? `${step.state} ${step.fans} ${step.progress?.done ?? ''} ${step.progress?.words ?? ''}` : ''
})

/** The table of items, and what the last page of it said about the fan-outs. */
export function useItemSource(place: ItemsPlace, state: ItemState | null): { source: ItemSource; head: ItemsHead | null } {
  const { run, node, fan } = place
  const [head, setHead] = useState<ItemsHead | null>(null)
  const version = useThrottledValue(useProgress(place), ROWS_EVERY)
  const rows = useCallback<ItemSource['rows']>(async (question, offset, limit, signal) => {
    const found = await getItems(run, node, { fan: fan ?? undefined, state: state ?? undefined, search: question.search || undefined, sort: itemSort(question), offset, limit }, signal)
    setHead(found)
    return itemRows(state === 'failed' ? { ...found, figures: [] } : found) // they have none
  }, [run, node, fan, state])
  return { source: { key: `${run} ${node} ${fan} ${state}`, version, rows, profile: undefined }, head }
}

/** The items that were the best so far, if they have a score. */
export function useBestItems(place: ItemsPlace, head: ItemsHead | null) {
  const version = useThrottledValue(useProgress(place), BEST_EVERY)
  const fan = head?.fan ?? 0
  const scored = head?.figures.includes(SCORE) ?? false
  return useQuery({
    queryKey: ['best-items', place.run, place.node, fan, version], queryFn: () => getBestItems(place.run, place.node, fan), enabled: scored, placeholderData: keepPreviousData, staleTime: Infinity,
  }).data ?? []
}

/** Whether a step of the run that is shown has fanned out; if it is reused, in the run that it is from. */
export function useHasItems(node: string | null): boolean {
  const run = useRun((state) => state.run?.id ?? '')
  const step = useRun((state) => (node ? state.run?.steps[node] : undefined))
  const reused = useQuery({ queryKey: ['items-of-reused', run, node], queryFn: () => getItems(run, node ?? '', { limit: 1 }), enabled: step?.reused === true, staleTime: Infinity, retry: false })
  return step !== undefined && (step.fans > 0 || (step.reused && (reused.data?.fans.length ?? 0) > 0))
}
