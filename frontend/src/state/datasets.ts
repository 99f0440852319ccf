/** The datasets of a workspace, and the shared samples. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { datasetOf, type DatasetVersionOf } from '../core/data/datasets'
import { getDatasets } from '../server/rest'
import { useDocument } from './document'
import { pipelineQuery } from './pipelines'

export const datasetsQuery = (workspace?: string) => queryOptions({ queryKey: ['datasets', workspace ?? null], queryFn: () => getDatasets(workspace) })

/** The saved values of a port kind, such as trained models. */
const savedQuery = (kind: string, workspace?: string) => queryOptions({ queryKey: ['datasets', workspace ?? null, kind], queryFn: () => getDatasets(workspace, kind) })

/** The datasets that the open pipeline may use: those of its own workspace, whichever is current, and the samples. */
export function useOfferedDatasets() {
  const id = useDocument((state) => state.pipelineId)
  const { data: pipeline } = useQuery({ ...pipelineQuery(id ?? ''), enabled: id !== null })
  return useQuery({ ...datasetsQuery(pipeline?.workspace), enabled: pipeline !== undefined })
}

/** The saved values of a kind that the open pipeline may load. */
export function useOfferedSaved(kind: string) {
  const id = useDocument((state) => state.pipelineId)
  const { data: pipeline } = useQuery({ ...pipelineQuery(id ?? ''), enabled: id !== null })
  return useQuery({ ...savedQuery(kind, pipeline?.workspace), enabled: pipeline !== undefined })
}

/** The dataset that a card reads, as its settings name it; null for any other card. */
export function useChosenDataset(node: string | null): DatasetVersionOf | null {
  const card = useDocument((state) => (node ? state.nodes[node] : undefined))
  const { data = [] } = useOfferedDatasets()
  return card ? datasetOf(card, data) : null
}
