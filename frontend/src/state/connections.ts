/** The connections of a workspace. */
import { useQuery } from '@tanstack/react-query'
import { getConnections } from '../server/rest'
import { useDocument } from './document'
import { pipelineQuery } from './pipelines'

export const connectionsKey = (workspace: string | undefined) => ['connections', workspace]

export const useConnections = (workspace: string | undefined) => useQuery({
  queryKey: connectionsKey(workspace), queryFn: () => getConnections(workspace), enabled: workspace !== undefined,
})

/** The connections that the open pipeline may use: those of its own workspace, whichever is current. */
export function useOfferedConnections() {
  const id = useDocument((state) => state.pipelineId)
  const { data: pipeline } = useQuery({ ...pipelineQuery(id ?? ''), enabled: id !== null })
  return useConnections(pipeline?.workspace)
}
