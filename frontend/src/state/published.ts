/** Published pipelines: read again while a run of one is going. */
import { useQuery } from '@tanstack/react-query'
import { isOpen } from '../core/published/published'
import { getPublished, getPublishedOnes, getPublishedRuns } from '../server/rest'

const SOON = 1500
const FRESH = 10_000

export const publishedKey = (id: string) => ['published', id]

export const usePublishedOnes = (workspace: string) => useQuery({ queryKey: ['published', { workspace }], queryFn: () => getPublishedOnes(workspace), refetchInterval: FRESH })

export const usePublished = (id: string) => useQuery({ queryKey: publishedKey(id), queryFn: () => getPublished(id), refetchInterval: FRESH })

export const usePublishedRuns = (id: string) => useQuery({
  queryKey: [...publishedKey(id), 'runs'], queryFn: () => getPublishedRuns(id),
  refetchInterval: (query) => (query.state.data?.some(isOpen) ? SOON : FRESH),
})
