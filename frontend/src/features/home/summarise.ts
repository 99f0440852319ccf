/** A graph as its thumbnail, as the server stores it of pipelines. */
import { splitEnd, type Graph } from '../../core/graph/graph'
import type { Pipeline } from '../../server/rest'

export type Summary = Pipeline['graph_summary']

export function summarise(graph: Graph): Summary {
  const at = new Map(Object.keys(graph.nodes).map((id, place) => [id, place]))
  return {
    nodes: Object.values(graph.nodes).map(({ position: [x, y], module, title }) => [x, y, module, title ?? '']),
    edges: graph.edges.map(([from, to]) => [at.get(splitEnd(from).node) ?? 0, at.get(splitEnd(to).node) ?? 0, splitEnd(from).port]),
  }
}
