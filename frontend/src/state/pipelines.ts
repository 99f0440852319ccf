/** The queries of pipelines and their runs, for the home page and the canvas. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { getComponents, getPipeline, getPipelines, getRuns, getSamples, getTemplates } from '../server/rest'

export const pipelinesQuery = (workspace?: string) => queryOptions({ queryKey: ['pipelines', workspace ?? null], queryFn: () => getPipelines(workspace) })
export const pipelineQuery = (id: string) => queryOptions({ queryKey: ['pipeline', id], queryFn: () => getPipeline(id) })
export const componentsQuery = (workspace: string) => queryOptions({ queryKey: ['components', workspace], queryFn: () => getComponents(workspace) })
export const templatesQuery = (workspace: string) => queryOptions({ queryKey: ['templates', workspace], queryFn: () => getTemplates(workspace) })
export const samplesQuery = queryOptions({ queryKey: ['samples'], queryFn: getSamples, staleTime: Infinity })
/** The runs of a pipeline, newest first, each with the first metric of its last report (core/runs/headlines). `moment` names the state of the followed run, so that a new one is fetched. */
export const pipelineRunsQuery = (pipeline: string, moment: { current: string | null; state: string | undefined }) =>
  queryOptions({ queryKey: ['runs', { pipeline, ...moment }], queryFn: () => getRuns({ pipeline }), placeholderData: keepPreviousData })
export const recentRunsQuery = (workspace?: string) => queryOptions({ queryKey: ['runs', workspace ?? null, 'recent'], queryFn: () => getRuns({ workspace }) })
