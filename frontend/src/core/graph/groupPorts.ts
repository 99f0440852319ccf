/** The card of a sub-pipeline as a module, with the ports of its nodes that its outside feeds or reads, and those that nothing uses yet. */
import type { Catalogue, InputPort, Module, OutputPort } from '../catalogue/catalogue'
import { nodeTitle } from './connect'
import { isFailures, kindOutside, repeaterOf } from './forEach'
import { flowOrder } from './flowOrder'
import { pathOf } from './groups'
import { edgesWithin, joinEnd, splitEnd, type Edge, type Graph } from './graph'

/** A port whose name is its end in the document. */
interface Placed<Port> {
  node: string
  port: Port
}

function byKey<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const found = new Map<string, Item[]>()
  for (const item of items) {
    const same = found.get(key(item))
    if (same) same.push(item)
    else found.set(key(item), [item])
  }
  return found
}

/** Of ports with the same title, each is named with its module. */
function named<Port extends { title: string }>(ports: Placed<Port>[], titleOf: (node: string) => string): Port[] {
  const times = byKey(ports, ({ port }) => port.title)
  return ports.map(({ node, port }) => ((times.get(port.title)?.length ?? 0) > 1 ? { ...port, title: `${titleOf(node)}: ${port.title}` } : port))
}

const lastly = <Item>(items: readonly Item[], last: (item: Item) => boolean): Item[] => [...items.filter((item) => !last(item)), ...items.filter(last)]

const nodeAt = (end: string) => splitEnd(end).node

export function groupPorts(graph: Graph, catalogue: Pick<Catalogue, 'module'>, members: readonly string[]): Pick<Module, 'inputs' | 'outputs'> {
  const inside = new Set(members)
  const sources = byKey(graph.edges, ([, to]) => to)
  const targets = byKey(graph.edges, ([from]) => from)
  const uses = new Set(graph.edges.map(([from]) => nodeAt(from)))
  const crosses = (edges: Edge[] | undefined, at: 0 | 1) => edges?.some((edge) => !inside.has(nodeAt(edge[at]))) ?? false
  const nodes = Object.fromEntries(members.flatMap((id) => (graph.nodes[id] ? [[id, graph.nodes[id]]] : [])))
  const placed = <Port extends InputPort | OutputPort>(portsOf: (module: Module) => Port[]): Placed<Port>[] =>
    flowOrder({ nodes, edges: edgesWithin(graph.edges, inside) }).flatMap((node) => {
      const module = catalogue.module(nodes[node]?.module ?? '')
      return module ? portsOf(module).map((port) => ({ node, port: { ...port, name: joinEnd(node, port.name) } })) : []
    })
  const titleOf = (node: string) => nodeTitle(graph, catalogue, node)
  return {
    inputs: named(placed((module) => module.inputs).filter(({ port }) => crosses(sources.get(port.name), 0) || (!sources.has(port.name) && !port.optional)), titleOf),
    // What failed is the last of a card: the others are what it is for.
    outputs: lastly(named(placed((module) => module.outputs).filter(({ node, port }) => crosses(targets.get(port.name), 1) || !uses.has(node) || isFailures(graph.nodes[node], splitEnd(port.name).port)), titleOf), (port) => isFailures(graph.nodes[nodeAt(port.name)], splitEnd(port.name).port)),
  }
}

/** The card as a module, for whatever draws or lays out cards. */
export function groupModule(graph: Graph, catalogue: Pick<Catalogue, 'module'>, group: string, members: readonly string[]): Module {
  const { inputs, outputs } = groupPorts(graph, catalogue, members)
  const within = pathOf(graph.groups ?? {}, group).slice(0, -1)
  return {
    id: group, title: 'Sub-pipeline', shelf: '', icon: repeaterOf(graph.nodes, group) === null ? 'stack-2' : 'repeat', summary: '', aliases: [], version: 1, params: [], runs_code: false, extra: null,
    inputs, outputs: outputs.map((port) => ({ ...port, kind: kindOutside(graph, nodeAt(port.name), (each) => !within.includes(each), port.kind) })),
  }
}
