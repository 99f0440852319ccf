/** The edges that close the gap when nodes are removed. */
import type { Catalogue } from '../catalogue/catalogue'
import { checkConnection, portOf } from './connect'
import { joinEnd, splitEnd, type Edge, type Graph } from './graph'

/** The output that fed a removed node with the kind of its own output; through other removed nodes if needed. */
function sourceOf(graph: Graph, catalogue: Catalogue, gone: ReadonlySet<string>, output: string, seen: ReadonlySet<string> = new Set()): string | null {
  const { node } = splitEnd(output)
  if (!gone.has(node)) return output
  const kind = portOf(graph, catalogue, output, 'output')?.kind
  const inputs = catalogue.module(graph.nodes[node]?.module ?? '')?.inputs ?? []
  if (!kind || seen.has(node)) return null
  for (const input of inputs.filter((each) => each.kind === kind)) {
    const fed = graph.edges.find(([, to]) => to === joinEnd(node, input.name))
    const source = fed && sourceOf(graph, catalogue, gone, fed[0], new Set([...seen, node]))
    if (source) return source
  }
  return null
}

/** A to B to C without B: A to C, where the kinds match. */
export function bypassEdges(graph: Graph, catalogue: Catalogue, gone: ReadonlySet<string>): Edge[] {
  const nodes = Object.fromEntries(Object.entries(graph.nodes).filter(([id]) => !gone.has(id)))
  const kept = graph.edges.filter(([from, to]) => !gone.has(splitEnd(from).node) && !gone.has(splitEnd(to).node))
  const bridged: Edge[] = []
  for (const [from, to] of graph.edges) {
    if (!gone.has(splitEnd(from).node) || gone.has(splitEnd(to).node)) continue
    const source = sourceOf(graph, catalogue, gone, from)
    if (!source) continue
    const verdict = checkConnection({ nodes, edges: [...kept, ...bridged] }, catalogue, [source, to])
    if (verdict.ok && verdict.replaces.length === 0) bridged.push([source, to])
  }
  return bridged
}
