/** Searches for the best model: what has been tried, a new search, and going on with one. */
import { useThrottledValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { ApiError } from '../core/base/apiError'
import { searchDocument, type SearchAsked } from '../core/runs/searches'
import type { Fan, Item } from '../core/runs/items'
import type { Run } from '../core/runs/runs'
import { createPipeline, getGraph, getItems, replaceGraph, startRun } from '../server/rest'
import { useProgress } from './items'

const EVERY = 500
const PAGE = 500

export interface Tried {
  items: Item[]
  fan: Fan | null
}

interface Found extends Tried {
  /** Nothing is known yet. */
  loading: boolean
  error: unknown
  retry: () => void
}

const NOTHING: Tried = { items: [], fan: null }
const hasEnded = ({ state }: Item) => state === 'done' || state === 'reused' || state === 'failed'

/** All trials of a search. What has ended does not change: only what comes after is fetched again. */
async function fetchOn(run: string, node: string, known: Item[], signal: AbortSignal): Promise<Tried> {
  const from = known.findIndex((item) => !hasEnded(item))
  const items = from < 0 ? [...known] : known.slice(0, from)
  let of: number | undefined
  for (;;) {
    const page = await getItems(run, node, { fan: of, offset: items.length, limit: PAGE }, signal)
    const fan = page.fans.find(({ search }) => search) ?? null
    if (fan && page.fan !== fan.index && of === undefined) { // the end of a search for a forecast lists items of its own
      of = fan.index
      continue
    }
    items.push(...page.items)
    if (page.items.length === 0 || items.length >= page.found) return { items, fan }
  }
}

export function useTried(run: string, node: string): Found {
  const version = useThrottledValue(useProgress({ run, node, fan: null }), EVERY)
  const known = useRef<Item[]>([])
  const found = useQuery({
    queryKey: ['tried', run, node, version], placeholderData: keepPreviousData, staleTime: Infinity, retry: false,
    queryFn: async ({ signal }) => {
      const tried = await fetchOn(run, node, known.current, signal)
      known.current = tried.items
      return tried
    },
  })
  return { ...(found.data ?? NOTHING), loading: found.isPending, error: found.error, retry: () => void found.refetch() }
}

/** Makes the pipeline of a search and starts it. */
export async function startSearch(workspace: string, asked: SearchAsked): Promise<{ pipeline: string; run: Run }> {
  const { id } = await createPipeline({ workspace, graph: searchDocument(asked) })
  return { pipeline: id, run: await startRun(id, {}) }
}

/** Gives the search of a pipeline more time and starts it again: trials that are known cost no time. */
export async function searchLonger(pipeline: string, node: string, seconds: number): Promise<Run> {
  const { graph, revision } = await getGraph(pipeline)
  const search = graph.nodes[node]
  if (!search) throw new ApiError(0, { code: 'search_removed', words: 'The search is no longer in its pipeline.', remedy: 'Open the pipeline, and add it again.' })
  await replaceGraph(pipeline, { ...graph, nodes: { ...graph.nodes, [node]: { ...search, params: { ...search.params, seconds } } } }, revision)
  return startRun(pipeline, {})
}
