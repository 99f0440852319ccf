/** Copy and paste as plain JSON text: a pipeline document that can be read, sent and pasted elsewhere. */
import { readExecution } from './execution'
import { isRecord, type Json } from '../base/json'
import { groupsIn, nodesOf, pathOf } from './groups'
import { readDriven, readParameters, writtenParams, type Parameters } from './parameters'
import { readOrigin, renamedOrigin } from './origin'
import { readPromoted } from './promoted'
import { edgesWithin, freshId, joinEnd, splitEnd, type Edge, type Graph, type GraphDocument, type GraphNode, type Group, type Point } from './graph'

/** Without a sub-pipeline that is not copied as well. */
function within<Card extends { group?: string }>(card: Card, copied: ReadonlySet<string>): Card {
  if (card.group === undefined || copied.has(card.group)) return card
  const free = { ...card }
  delete free.group
  return free
}

/** The selected cards: sub-pipelines with all that is in them. */
export function partOf(graph: Graph, chosen: ReadonlySet<string>): Graph {
  const inside = nodesOf(graph, chosen)
  const copied = new Set(groupsIn(graph.groups ?? {}, chosen))
  const some = <Card extends { group?: string }>(cards: Readonly<Record<string, Card>>, ids: ReadonlySet<string>) =>
    Object.fromEntries(Object.entries(cards).flatMap(([id, card]) => (ids.has(id) ? [[id, within(card, copied)]] : [])))
  const nodes = some(graph.nodes, inside)
  return { nodes, edges: edgesWithin(graph.edges, inside), groups: some(graph.groups ?? {}, copied), parameters: usedBy(nodes, graph.parameters ?? {}) }
}

/** The parameters that drive settings of some nodes. */
function usedBy(nodes: Graph['nodes'], parameters: Parameters): Parameters {
  const used = new Set(Object.values(nodes).flatMap(({ driven = {} }) => Object.values(driven)))
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => used.has(name)))
}

function written({ driven, ...node }: GraphNode): GraphNode {
  return { ...node, params: writtenParams(node.params, driven) }
}

export function copyText(graph: Graph, chosen: ReadonlySet<string>, name: string): string {
  const { nodes, edges, groups = {}, parameters = {} } = partOf(graph, chosen)
  const drawn = Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, written(node)]))
  const copied: GraphDocument = { format: 1, name, nodes: drawn, edges, parameters, frames: [], notes: [] }
  if (graph.execution) copied.execution = graph.execution
  if (Object.keys(groups).length > 0) copied.groups = groups
  return JSON.stringify(copied, null, 1)
}

const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number' && Number.isFinite(each))

function readNode(value: unknown, parameters: Parameters): GraphNode | null {
  if (!isRecord(value) || typeof value.module !== 'string') return null
  const { params, driven } = readDriven(isRecord(value.params) ? (value.params as Record<string, Json>) : {}, parameters)
  const node: GraphNode = { module: value.module, params, position: isPoint(value.position) ? value.position : [0, 0] }
  if (Object.keys(driven).length > 0) node.driven = driven
  if (typeof value.title === 'string') node.title = value.title
  if (typeof value.comment === 'string') node.comment = value.comment
  if (typeof value.group === 'string') node.group = value.group
  const execution = readExecution(value.execution)
  if (execution) node.execution = execution
  return node
}

function readGroups(value: unknown): Record<string, Group> {
  const found: Record<string, Group> = {}
  for (const [id, each] of Object.entries(isRecord(value) ? value : {})) {
    if (!isRecord(each)) continue
    found[id] = { title: typeof each.title === 'string' ? each.title : id, position: isPoint(each.position) ? each.position : [0, 0], promoted: readPromoted(each.promoted) }
    if (typeof each.group === 'string') found[id].group = each.group
    const origin = readOrigin(each.component)
    if (origin) found[id].component = origin
  }
  return found
}

const isEdge = (value: unknown): value is Edge => Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'string')

/** Reads pasted text; null when it is not a pipeline, so that other text is handled elsewhere. Settings of the whole pipeline are not pasted. */
export function readCopied(text: string): Graph | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(value) || !isRecord(value.nodes)) return null
  const nodes: Record<string, GraphNode> = {}
  const parameters = readParameters(value.parameters)
  for (const [id, each] of Object.entries(value.nodes)) {
    const node = readNode(each, parameters)
    if (node) nodes[id] = node
  }
  if (Object.keys(nodes).length === 0) return null
  const edges = Array.isArray(value.edges) ? value.edges.filter(isEdge) : []
  const groups = readGroups(value.groups)
  const known = new Set(Object.keys(groups))
  return {
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, within(node, known)])),
    edges: edgesWithin(edges, new Set(Object.keys(nodes))),
    groups: Object.fromEntries(Object.entries(groups).map(([id, group]) => [id, within(group, known)])),
    parameters: usedBy(nodes, parameters),
  }
}

/** The cards that are not within a copied sub-pipeline. */
const outermost = ({ nodes, groups = {} }: Graph): [string, GraphNode | Group][] =>
  [...Object.entries(nodes), ...Object.entries(groups)].filter(([, { group }]) => pathOf(groups, group).length === 0)

/** Gives pasted cards free ids, puts them into a sub-pipeline, and moves them so that their corner lies at `corner`; `names` are ids that are chosen already. */
export function placeCopied(copied: Graph, taken: Iterable<string>, corner: Point, level: string | null = null, names: ReadonlyMap<string, string> = new Map()): Graph {
  const { groups = {} } = copied
  const used = new Set(taken)
  const renamed = new Map(names)
  for (const id of [...Object.keys(copied.nodes), ...Object.keys(groups)]) {
    if (renamed.has(id)) continue
    const fresh = freshId(id.replace(/_\d+$/, ''), used)
    used.add(fresh)
    renamed.set(id, fresh)
  }
  const [left, top] = cornerOf(copied)
  const outer = new Set(outermost(copied).map(([id]) => id))
  const nameOf = (id: string) => renamed.get(id) ?? id
  const rename = (end: string) => {
    const { node, port } = splitEnd(end)
    return joinEnd(nameOf(node), port)
  }
  const place = <Card extends GraphNode | Group>(cards: Readonly<Record<string, Card>>): Record<string, Card> =>
    Object.fromEntries(Object.entries(cards).map(([id, { group, ...card }]) => {
      const [x, y] = card.position
      const into = group === undefined ? level : nameOf(group)
      return [nameOf(id), { ...card, position: outer.has(id) ? [x - left + corner[0], y - top + corner[1]] : [x, y], ...(into !== null && { group: into }) } as unknown as Card]
    }))
  const promoted = (group: Group): Group =>
    group.promoted ? { ...group, promoted: Object.fromEntries(Object.entries(group.promoted).map(([name, { node, param }]) => [name, { node: nameOf(node), param }])) } : group
  const placed = place(groups)
  return {
    nodes: place(copied.nodes), edges: copied.edges.map(([from, to]) => [rename(from), rename(to)] as const),
    groups: Object.fromEntries(Object.entries(placed).map(([id, group]) => [id, renamedOrigin(promoted(group), renamed)])),
    parameters: copied.parameters,
  }
}

export function cornerOf(graph: Graph): Point {
  const all = outermost(graph).map(([, { position }]) => position)
  return [Math.min(...all.map(([x]) => x)), Math.min(...all.map(([, y]) => y))]
}
