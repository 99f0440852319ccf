/** The queries of the home page. */
import { queryOptions } from '@tanstack/react-query'
import { getPipeline, getPipelines, getRuns, getSamples } from '../server/rest'

export const pipelinesQuery = (workspace?: string) => queryOptions({ queryKey: ['pipelines', workspace ?? null], queryFn: () => getPipelines(workspace) })
export const pipelineQuery = (id: string) => queryOptions({ queryKey: ['pipeline', id], queryFn: () => getPipeline(id) })
export const samplesQuery = queryOptions({ queryKey: ['samples'], queryFn: getSamples, staleTime: Infinity })
export const recentRunsQuery = (workspace?: string) => queryOptions({ queryKey: ['runs', workspace ?? null, 'recent'], queryFn: () => getRuns({ workspace }) })
