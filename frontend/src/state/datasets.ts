/** The datasets of a workspace, and the samples everybody has. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getDatasets } from '../server/rest'
import { useDocument } from './document'
import { pipelineQuery } from './pipelines'

export const datasetsQuery = (workspace?: string) => queryOptions({ queryKey: ['datasets', workspace ?? null], queryFn: () => getDatasets(workspace) })

/** What the open pipeline may name: the datasets of its own workspace, whichever one works in, and the samples. */
export function useOfferedDatasets() {
  const id = useDocument((state) => state.pipelineId)
  const { data: pipeline } = useQuery({ ...pipelineQuery(id ?? ''), enabled: id !== null })
  return useQuery({ ...datasetsQuery(pipeline?.workspace), enabled: pipeline !== undefined })
}
