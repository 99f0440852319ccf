/** The registered models of a workspace. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getModel, getModelHistory, getModels, getModelVersion, getVersionGates } from '../server/rest'
import { useDocument } from './document'
import { pipelineQuery } from './pipelines'

export const modelsQuery = (workspace?: string) => queryOptions({ queryKey: ['models', workspace ?? null], queryFn: () => getModels(workspace) })
export const modelQuery = (id: string) => queryOptions({ queryKey: ['model', id], queryFn: () => getModel(id) })
export const modelVersionQuery = (id: string, number: number) => queryOptions({ queryKey: ['model', id, 'version', number], queryFn: () => getModelVersion(id, number) })
export const versionGatesQuery = (id: string, number: number) => queryOptions({ queryKey: ['model', id, 'gates', number], queryFn: () => getVersionGates(id, number) })
export const modelHistoryQuery = (id: string) => queryOptions({ queryKey: ['model', id, 'history'], queryFn: () => getModelHistory(id) })

/** The registered models that the open pipeline may load: those of its own workspace, whichever is current. */
export function useOfferedModels() {
  const id = useDocument((state) => state.pipelineId)
  const { data: pipeline } = useQuery({ ...pipelineQuery(id ?? ''), enabled: id !== null })
  return useQuery({ ...modelsQuery(pipeline?.workspace), enabled: pipeline !== undefined })
}
