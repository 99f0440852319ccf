/** Whether a connection is allowed, and the reason when not: the same rules as on the server. */
import type { Catalogue, InputPort, Module, OutputPort } from '../catalogue/catalogue'
import { kindAlong } from './forEach'
import { downstream, edgeKey, joinEnd, splitEnd, upstream, type Edge, type Graph } from './graph'

export type Refusal = 'unknown_port' | 'same_node' | 'wrong_kind' | 'duplicate' | 'cycle'

export type Verdict =
  | { ok: true; replaces: Edge[] }
  | { ok: false; reason: Refusal; words: string }

export type Side = 'input' | 'output'

const refuse = (reason: Refusal, words: string): Verdict => ({ ok: false, reason, words })

export function portOf(graph: Graph, catalogue: Catalogue, end: string, side: 'input'): InputPort | undefined
export function portOf(graph: Graph, catalogue: Catalogue, end: string, side: 'output'): OutputPort | undefined
export function portOf(graph: Graph, catalogue: Catalogue, end: string, side: Side) {
  const { node, port } = splitEnd(end)
  const module = catalogue.module(graph.nodes[node]?.module ?? '')
  const ports: (InputPort | OutputPort)[] | undefined = side === 'input' ? module?.inputs : module?.outputs
  return ports?.find((each) => each.name === port)
}

export function nodeTitle(graph: Graph, catalogue: Pick<Catalogue, 'module'>, id: string): string {
  const node = graph.nodes[id]
  return node?.title || graph.groups?.[id]?.title || catalogue.module(node?.module ?? '')?.title || id
}

/** Checks one connection against the graph; `lifted` is the edge being moved, which is ignored. */
export function checkConnection(graph: Graph, catalogue: Catalogue, [from, to]: Edge, lifted?: Edge): Verdict {
  const edges = lifted ? graph.edges.filter((edge) => edgeKey(edge) !== edgeKey(lifted)) : graph.edges
  const output = portOf(graph, catalogue, from, 'output')
  const input = portOf(graph, catalogue, to, 'input')
  if (!output || !input) return refuse('unknown_port', 'This port does not exist.')
  const source = splitEnd(from).node
  const target = splitEnd(to).node
  if (source === target) return refuse('same_node', 'A module cannot connect to itself.')
  const takes = nodeTitle(graph, catalogue, target)
  const kind = kindAlong(graph, [from, to], output.kind)
  if (kind !== input.kind) {
    return refuse('wrong_kind', `${takes} accepts ${catalogue.kind(input.kind).words} here, but this is ${catalogue.kind(kind).words}.`)
  }
  if (edges.some((edge) => edge[0] === from && edge[1] === to)) {
    return refuse('duplicate', 'These two ports are already connected.')
  }
  if (upstream(edges, [source]).has(target)) {
    return refuse('cycle', `${takes} already feeds ${nodeTitle(graph, catalogue, source)}, so this would create a loop.`)
  }
  return { ok: true, replaces: input.multiple ? [] : edges.filter((edge) => edge[1] === to) }
}

/** Every port that an edge from `end` may connect to: these are highlighted during a drag. */
export function compatibleEnds(graph: Graph, catalogue: Catalogue, end: string, side: Side): Set<string> {
  const kind = (side === 'output' ? portOf(graph, catalogue, end, 'output') : portOf(graph, catalogue, end, 'input'))?.kind
  const { node } = splitEnd(end)
  const barred = side === 'output' ? upstream(graph.edges, [node]) : downstream(graph.edges, [node])
  const taken = new Set(graph.edges.flatMap(([from, to]) => (from === end ? [to] : to === end ? [from] : [])))
  const fitting = new Set<string>()
  for (const [id, other] of Object.entries(graph.nodes)) {
    if (id === node || barred.has(id)) continue
    const module = catalogue.module(other.module)
    const ports = side === 'output' ? module?.inputs : module?.outputs
    for (const port of ports ?? []) {
      const there = joinEnd(id, port.name)
      if (port.kind === kind && !taken.has(there)) fitting.add(there)
    }
  }
  return fitting
}

/** The port of a module for an edge of this kind: a required one before an optional one. */
export function preferredPort(module: Module, kind: string, side: Side): string | undefined {
  if (side === 'input') return module.outputs.find((port) => port.kind === kind)?.name
  const fitting = module.inputs.filter((port) => port.kind === kind)
  return (fitting.find((port) => !port.optional) ?? fitting[0])?.name
}
