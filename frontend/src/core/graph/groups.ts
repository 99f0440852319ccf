/** Sub-pipelines: groups of nodes that are drawn as one card. The nodes stay in the one graph, so that nothing else about them changes. */
import { counted } from '../base/numbers'
import { downstream, joinEnd, splitEnd, upstream, type Edge, type Graph, type GraphNode, type Group, type Groups, type Point } from './graph'

export const DEEPEST_GROUP = 5

const FOLDED = 'sub_pipeline:'

/** The id of what the card of a sub-pipeline has in place of a module. */
const moduleId = (group: string) => FOLDED + group

/** The sub-pipeline that such an id stands for. */
export const foldedIn = (module: string): string | null => (module.startsWith(FOLDED) ? module.slice(FOLDED.length) : null)

/** The sub-pipelines around a place, outermost first; it ends before one that does not exist or that is around itself. */
export function pathOf(groups: Groups, group: string | null | undefined): string[] {
  const found: string[] = []
  for (let at = group; at && groups[at] && !found.includes(at); at = groups[at]?.group) found.unshift(at)
  return found
}

/** The sub-pipeline in which a card, a node or a sub-pipeline, is drawn; null is the pipeline itself. */
export const levelOf = ({ nodes, groups = {} }: Graph, id: string): string | null => pathOf(groups, (groups[id] ?? nodes[id])?.group).at(-1) ?? null

/** Of every place in the document, the card that stands for it at a level: the sub-pipeline that holds it, or null where it is not there itself. */
function cardsAt(groups: Groups, level: string | null) {
  const known = new Map<string, string | null>()
  const inside = pathOf(groups, level).length
  const folded = (group: string) => {
    const path = pathOf(groups, group)
    return level === null || path[inside - 1] === level ? (path[inside] ?? null) : null
  }
  return (id: string, group: string | undefined): string | null => {
    const held = group !== undefined && groups[group] ? group : null
    if (held === level) return id
    if (held === null) return null
    if (!known.has(held)) known.set(held, folded(held))
    return known.get(held) ?? null
  }
}

/** The card that stands for a node at a level; null where none does. */
export const cardAt = ({ nodes, groups = {} }: Graph, level: string | null, node: string): string | null => cardsAt(groups, level)(node, nodes[node]?.group)

/** The nodes of each sub-pipeline, at any depth. */
export function membersOf({ nodes, groups = {} }: Graph): Map<string, string[]> {
  const found = new Map<string, string[]>(Object.keys(groups).map((id) => [id, []]))
  const around = new Map(Object.keys(groups).map((id) => [id, pathOf(groups, id)]))
  for (const [id, { group }] of Object.entries(nodes)) {
    if (group !== undefined) around.get(group)?.forEach((each) => found.get(each)?.push(id))
  }
  return found
}

/** Nodes and sub-pipelines as nodes: those of the sub-pipelines, at any depth, in place of them. */
export function nodesOf(graph: Graph, cards: Iterable<string>): Set<string> {
  const members = membersOf(graph)
  return new Set([...cards].flatMap((id) => members.get(id) ?? [id]))
}

/** The sub-pipelines among some cards, and those in them. */
export const groupsIn = (groups: Groups, cards: ReadonlySet<string>): string[] => Object.keys(groups).filter((id) => pathOf(groups, id).some((around) => cards.has(around)))

const cardOf = new WeakMap<Group, GraphNode>()

/** The same object while the sub-pipeline is the same, so that its card is not drawn again. */
function folded(id: string, group: Group, modules: number): GraphNode {
  const known = cardOf.get(group)
  if (known?.params.modules === modules) return known
  const node: GraphNode = { module: moduleId(id), title: group.title, position: group.position, params: { modules }, ...(group.group && { group: group.group }) }
  cardOf.set(group, node)
  return node
}

/** What is drawn at a level: its nodes, a card for each sub-pipeline nested in it, and the connections among them. An end at such a card is "card.node.port". */
export function drawnAt(graph: Graph, level: string | null, members?: ReadonlyMap<string, string[]>): Graph {
  const { groups = {}, edges } = graph
  if (level === null && Object.keys(groups).length === 0) return graph
  const card = cardsAt(groups, level)
  const inside = members ?? membersOf(graph)
  const nodes: Record<string, GraphNode> = {}
  for (const [id, node] of Object.entries(graph.nodes)) {
    if (card(id, node.group) === id) nodes[id] = node
  }
  for (const [id, group] of Object.entries(groups)) {
    if (levelOf(graph, id) === level) nodes[id] = folded(id, group, inside.get(id)?.length ?? 0)
  }
  const end = (at: string) => {
    const { node } = splitEnd(at)
    const on = card(node, graph.nodes[node]?.group)
    return on && { on, end: on === node ? at : joinEnd(on, at) }
  }
  const drawn = edges.flatMap((edge): Edge[] => {
    const [from, to] = [end(edge[0]), end(edge[1])]
    return from && to && from.on !== to.on ? [from.end === edge[0] && to.end === edge[1] ? edge : [from.end, to.end]] : []
  })
  return { nodes, edges: drawn, execution: graph.execution }
}

/** By side and end at a card of a sub-pipeline: the nodes outside it that feed it or read it, whose wires are not drawn in it. */
export function outsideOf(graph: Graph, level: string | null): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>()
  if (level === null) return found
  const card = cardsAt(graph.groups ?? {}, level)
  const add = (side: 'input' | 'output', end: string, other: string) => {
    const { node } = splitEnd(end)
    const on = card(node, graph.nodes[node]?.group)
    const outside = splitEnd(other).node
    if (on === null || card(outside, graph.nodes[outside]?.group) !== null) return
    const key = outsideKey(side, on === node ? end : joinEnd(on, end))
    found.set(key, [...(found.get(key) ?? []), outside])
  }
  for (const [from, to] of graph.edges) {
    add('input', to, from)
    add('output', from, to)
  }
  return found
}

/** An input and an output of one card may share a name. */
export const outsideKey = (side: 'input' | 'output', end: string) => `${side}:${end}`

/** The end in the document that an end at a card stands for. */
export function realEnd(groups: Groups, end: string): string {
  const { node, port } = splitEnd(end)
  return groups[node] ? port : end
}

/** The output or input that a port of a card stands for. */
export const portPlace = (card: string, port: string): { node: string; port: string; card?: string } => (port.includes('.') ? { ...splitEnd(port), card } : { node: card, port })

export const realEdge = (groups: Groups, [from, to]: Edge): Edge => [realEnd(groups, from), realEnd(groups, to)]

/** The cards on paths that leave a selection and come back to it: they must be folded with it. */
export function between(edges: readonly Edge[], chosen: ReadonlySet<string>): string[] {
  const after = downstream(edges, chosen)
  return [...upstream(edges, chosen)].filter((id) => after.has(id) && !chosen.has(id))
}

/** Why a selection cannot be folded, or null. */
export function foldRefusal(graph: Graph, level: string | null, chosen: ReadonlySet<string>, titleOf: (card: string) => string): string | null {
  const groups = graph.groups ?? {}
  const [first, ...more] = between(drawnAt(graph, level).edges, chosen)
  if (first !== undefined) {
    const others = more.length === 0 ? '' : ` and ${more.length === 1 ? `“${titleOf(more[0] ?? '')}”` : counted(more.length, 'more module')}`
    return `“${titleOf(first)}”${others} ${more.length === 0 ? 'is' : 'are'} between the selected modules. Select ${more.length === 0 ? 'it' : 'them'} too, then fold.`
  }
  const depth = Math.max(0, ...groupsIn(groups, chosen).map((id) => pathOf(groups, id).length - pathOf(groups, level).length))
  return pathOf(groups, level).length + depth + 1 > DEEPEST_GROUP ? `Sub-pipelines can be nested ${DEEPEST_GROUP} deep at most.` : null
}

/** The middle of some cards: where the card goes that they are folded into. Where it is still there, unfolding moves none of them. */
export function middleOf(cards: readonly Pick<GraphNode, 'position'>[]): Point {
  const middle = (axis: 0 | 1) => {
    const all = cards.map(({ position }) => position[axis])
    return Math.round((Math.min(...all) + Math.max(...all)) / 2)
  }
  return cards.length === 0 ? [0, 0] : [middle(0), middle(1)]
}

/** Where the cards of a sub-pipeline go when it is unfolded: around the place of its card. */
export function unfoldedPlaces(graph: Graph, group: string): Record<string, Point> {
  const { nodes } = drawnAt(graph, group)
  const cards = Object.entries(nodes)
  const [x, y] = middleOf(cards.map(([, node]) => node))
  const [toX, toY] = graph.groups?.[group]?.position ?? [x, y]
  return x === toX && y === toY ? {} : Object.fromEntries(cards.map(([id, { position }]) => [id, [position[0] - x + toX, position[1] - y + toY]]))
}
