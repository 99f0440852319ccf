/** The datasets of a workspace, and the samples everybody has. */
import { queryOptions } from '@tanstack/react-query'
import { getDatasets } from '../server/rest'

export const datasetsQuery = (workspace?: string) => queryOptions({ queryKey: ['datasets', workspace ?? null], queryFn: () => getDatasets(workspace) })
