/** Inserts a node into an edge: the replacing edges, and the space the card needs. */
import { cardHeight } from './cardShape'
import type { Catalogue } from '../catalogue/catalogue'
import { checkConnection, preferredPort, portOf } from './connect'
import { downstream, edgesTouching, edgeKey, joinEnd, splitEnd, type Edge, type Graph, type GraphNode, type Point } from './graph'

const GAP = 56

/** The two edges that replace one through a new node; null when it has no port for them. */
export function splitEdge(graph: Graph, catalogue: Catalogue, id: string, module: string, [from, to]: Edge): [Edge, Edge] | null {
  const declared = catalogue.module(module)
  const kind = portOf(graph, catalogue, from, 'output')?.kind
  const taking = declared && kind && preferredPort(declared, kind, 'output')
  const giving = declared && kind && preferredPort(declared, kind, 'input')
  return taking && giving ? [[from, joinEnd(id, taking)], [joinEnd(id, giving), to]] : null
}

/** The same for an existing card; null also when it has edges of its own, or an edge would be refused. */
export function insertEdges(graph: Graph, catalogue: Catalogue, id: string, onto: Edge): [Edge, Edge] | null {
  if (edgesTouching(graph.edges, new Set([id])).length > 0) return null
  const through = splitEdge(graph, catalogue, id, graph.nodes[id]?.module ?? '', onto)
  const rest = { ...graph, edges: graph.edges.filter((edge) => edgeKey(edge) !== edgeKey(onto)) }
  return through?.every((edge) => checkConnection(rest, catalogue, edge).ok) ? through : null
}

/** A card goes far enough below the one that feeds it; those in its place move. */
export function belowSource(graph: Graph, catalogue: Catalogue, [from, to]: Edge, [x, y]: Point): Point {
  const [source, reader] = [from, to].map((end) => graph.nodes[splitEnd(end).node])
  const least = source && reader && reader.position[1] > source.position[1] ? source.position[1] + cardHeight(source, catalogue) + GAP : y
  return [Math.round(x), Math.round(Math.max(y, least))]
}

/** New positions of the downstream cards when the new card needs their space: all move down by the same distance. */
export function spaceBelow(graph: Graph, catalogue: Catalogue, [, to]: Edge, placed: GraphNode): Record<string, Point> {
  const after = splitEnd(to).node
  const top = graph.nodes[after]?.position[1] ?? 0
  const height = cardHeight(placed, catalogue)
  const missing = placed.position[1] + height + GAP - top
  if (missing <= 0 || top < placed.position[1] - height) return {}
  const places: Record<string, Point> = {}
  for (const id of [after, ...downstream(graph.edges, [after])]) {
    const node = graph.nodes[id]
    if (node) places[id] = [node.position[0], node.position[1] + Math.ceil(missing / 10) * 10]
  }
  return places
}
