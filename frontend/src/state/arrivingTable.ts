/** The table at an input, where its rows are known: from the run on the screen, else from the dataset that is wired to it. */
import { splitEnd } from '../core/graph/graph'
import type { TablePlace } from '../server/rest'
import { useCatalogue } from './catalogue'
import { useOfferedDatasets } from './datasets'
import { useDocument } from './document'
import { useRun } from './run'

export interface KnownTable {
  place: TablePlace
  /** Identifies its rows. */
  digest: string
}

/** Null while nothing is known; a result that is not stored is not computed for this. */
export function useArrivingTable(node: string, port: string | null | undefined): KnownTable | null {
  const source = useDocument(({ edges }) => edges.find(([, to]) => to === `${node}.${port}`)?.[0])
  const end = source ? splitEnd(source) : null
  const run = useRun((state) => state.run?.id)
  const output = useRun((state) => (end ? state.run?.steps[end.node]?.outputs[end.port] : undefined))
  const dataset = useWiredDataset(end?.node)
  if (!end) return null
  if (run && output?.kind === 'table' && !output.deferred) return { place: { run, node: end.node, port: end.port }, digest: output.digest }
  return dataset
}

function useWiredDataset(node: string | undefined): KnownTable | null {
  const catalogue = useCatalogue()
  const drawn = useDocument(({ nodes }) => (node ? nodes[node] : undefined))
  const { data: offered } = useOfferedDatasets()
  const param = drawn && catalogue.module(drawn.module)?.params.find(({ kind }) => kind === 'dataset')
  const found = param && offered?.find(({ name }) => name === drawn.params[param.name])
  if (!found) return null
  const version = typeof drawn.params.version === 'number' ? drawn.params.version : found.version
  return { place: { dataset: found.id, version }, digest: String(version) }
}
