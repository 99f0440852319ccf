/** A new card on a wire: the wires that replace it, and the room it needs. */
import { cardHeight } from './cardShape'
import type { Catalogue } from './catalogue'
import { landingPort, portOf } from './connect'
import { downstream, joinEnd, splitEnd, type Edge, type Graph, type GraphNode, type Point } from './graph'

const GAP = 60

/** The two wires that lead through a new node instead of one past it; null when it has no port for them. */
export function throughEdges(graph: Graph, catalogue: Catalogue, id: string, module: string, [from, to]: Edge): [Edge, Edge] | null {
  const declared = catalogue.module(module)
  const kind = portOf(graph, catalogue, from, 'output')?.kind
  const taking = declared && kind && landingPort(declared, kind, 'output')
  const giving = declared && kind && landingPort(declared, kind, 'input')
  return taking && giving ? [[from, joinEnd(id, taking)], [joinEnd(id, giving), to]] : null
}

/** Where what follows goes when it is in the new card's way: all of it down by the same. */
export function roomBelow(graph: Graph, [, to]: Edge, placed: GraphNode): Record<string, Point> {
  const after = splitEnd(to).node
  const top = graph.nodes[after]?.position[1] ?? 0
  const missing = placed.position[1] + cardHeight(placed) + GAP - top
  if (missing <= 0 || top < placed.position[1] - cardHeight(placed)) return {}
  const places: Record<string, Point> = {}
  for (const id of [after, ...downstream(graph.edges, [after])]) {
    const node = graph.nodes[id]
    if (node) places[id] = [node.position[0], node.position[1] + Math.ceil(missing / 10) * 10]
  }
  return places
}
