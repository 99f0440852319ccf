/** A graph as dots and lines, as in the server's thumbnail. */
import type { Catalogue } from '../../core/catalogue/catalogue'
import { splitEnd, type Graph } from '../../core/graph/graph'
import type { Pipeline } from '../../server/rest'

export type Summary = Pipeline['graph_summary']

export function summarise(graph: Graph, catalogue: Catalogue): Summary {
  const ids = Object.keys(graph.nodes)
  const at = new Map(ids.map((id, place) => [id, place]))
  return {
    nodes: Object.values(graph.nodes).map(({ position: [x, y], module }) => [x, y, catalogue.module(module)?.shelf ?? '']),
    edges: graph.edges.map(([from, to]) => [at.get(splitEnd(from).node) ?? 0, at.get(splitEnd(to).node) ?? 0]),
  }
}
