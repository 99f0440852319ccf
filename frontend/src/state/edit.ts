/** All edits that a user can make, in terms of the graph; each is one undo step. */
import { preferredPort, checkConnection, type Side } from '../core/graph/connect'
import { copyText, placeCopied, readCopied } from '../core/graph/clipboard'
import { bypassEdges } from '../core/graph/bypass'
import { belowSource, insertEdges, spaceBelow, splitEdge } from '../core/graph/insert'
import { neighbour } from '../core/graph/flowOrder'
import { cardHeight } from '../core/graph/cardShape'
import { clearAside, clearPlace, freePlace, placeAbove, placeAfter } from '../core/graph/placement'
import type { Json, Params } from '../core/base/json'
import { CARD_WIDTH, edgeKey, freshId, idStem, joinEnd, splitEnd, type Edge, type Graph, type GraphNode, type Point, type Execution } from '../core/graph/graph'
import { missingExtra, type Module } from '../core/catalogue/catalogue'
import { currentCatalogue } from './catalogue'
import { currentGraph, editable, startStep, useDocument } from './document'
import { offerCommand } from './extras'
import { choose, useSelection } from './selection'
import * as shared from './sharedGraph'

/** An edge with one free end, to be connected to a new node. */
export interface LooseEnd {
  end: string
  side: Side
  kind: string
}

interface Adding {
  params?: Params
  joined?: LooseEnd
  /** The edge it is dropped on. */
  onto?: Edge
  /** The place was not chosen by the user, so it may move to where there is space. */
  anywhere?: boolean
  /** The card it is added after: it is placed beside it and connected to it, wherever `place` is. */
  after?: string | null
  title?: string
}

interface Drawn {
  position: Point
  edges: Edge[]
}

/** A card hangs below the place; one that feeds a loose input stands above it, so that its output is there. */
function cornerAt([x, y]: Point, module: Module, graph: Graph, { joined, anywhere }: Adding): Point {
  const catalogue = currentCatalogue()
  const left = x - CARD_WIDTH / 2
  if (joined?.side !== 'input') return anywhere ? clearPlace([left, y], graph, catalogue) : [left, y]
  const own: GraphNode = { module: module.id, params: {}, position: [0, 0] }
  return anywhere ? placeAbove(graph, catalogue, own, splitEnd(joined.end).node) : [left, y - cardHeight(own, catalogue)]
}

/** The position and edges of a new node, for each way to add one. */
function drawn(id: string, module: Module, place: Point, { joined, onto, anywhere, after }: Adding): Drawn {
  const graph = currentGraph()
  const catalogue = currentCatalogue()
  if (after && graph.nodes[after]) return placeAfter(graph, catalogue, id, module, after)
  const corner = cornerAt(place, module, graph, { joined, anywhere })
  const position = onto ? belowSource(graph, catalogue, onto, corner) : freePlace(corner, graph)
  const through = onto && splitEdge(graph, catalogue, id, module.id, onto)
  const port = joined && preferredPort(module, joined.kind, joined.side)
  const own = port && joinEnd(id, port)
  return { position, edges: through ?? (own && joined ? [joined.side === 'output' ? [joined.end, own] : [own, joined.end]] : []) }
}

export function addNode(module: string, place: Point, options: Adding = {}): string | null {
  const doc = editable()
  const declared = currentCatalogue().module(module)
  if (!doc || !declared) return null
  if (missingExtra(declared)) {
    void offerCommand(declared)
    return null
  }
  const graph = currentGraph()
  const id = freshId(idStem(module), new Set(Object.keys(graph.nodes)))
  const { position, edges } = drawn(id, declared, place, options)
  const node: GraphNode = { module, params: options.params ?? {}, position }
  if (options.title) node.title = options.title
  const { onto } = options
  startStep()
  shared.change(doc, () => {
    shared.addGraph(doc, { nodes: { [id]: node }, edges: [] })
    if (onto && edges.length > 0) shared.moveNodes(doc, spaceBelow(graph, currentCatalogue(), onto, node))
    for (const edge of edges) {
      const verdict = checkConnection({ ...graph, nodes: { ...graph.nodes, [id]: node } }, currentCatalogue(), edge)
      if (verdict.ok) shared.connect(doc, edge, verdict.replaces)
    }
  })
  choose([id])
  return id
}

/** Creates an edge, or returns the reason why not. */
export function connect(edge: Edge, lifted?: Edge): string | null {
  const doc = editable()
  if (!doc) return 'View only. You cannot change this pipeline.'
  const verdict = checkConnection(currentGraph(), currentCatalogue(), edge, lifted)
  if (!verdict.ok) return verdict.words
  startStep()
  shared.connect(doc, edge, lifted ? [lifted, ...verdict.replaces] : verdict.replaces)
  return null
}

export function disconnect(keys: Iterable<string>) {
  const doc = editable()
  if (!doc) return
  startStep()
  shared.disconnect(doc, keys)
}

/** Inserts an unconnected card into an edge: it moves to `place`, and downstream cards make space. */
export function insertNode(id: string, place: Point, onto: Edge) {
  const doc = editable()
  const graph = currentGraph()
  const node = graph.nodes[id]
  const through = insertEdges(graph, currentCatalogue(), id, onto)
  if (!doc || !node || !through) return
  shared.change(doc, () => {
    shared.moveNodes(doc, { ...spaceBelow(graph, currentCatalogue(), onto, { ...node, position: place }), [id]: place })
    shared.connect(doc, through[0], [onto])
    shared.connect(doc, through[1], [])
  })
}

/** Deletes the selection and closes the gaps; returns the card to focus next, null when none is left. */
export function removeChosen(): string | null {
  const doc = editable()
  const { nodes, edges } = useSelection.getState()
  if (!doc || nodes.size + edges.size === 0) return null
  const graph = currentGraph()
  const kept = { ...graph, edges: graph.edges.filter((edge) => !edges.has(edgeKey(edge))) }
  const healed = bypassEdges(kept, currentCatalogue(), nodes)
  startStep()
  shared.change(doc, () => {
    shared.disconnect(doc, edges)
    shared.removeNodes(doc, nodes)
    for (const edge of healed) shared.connect(doc, edge, [])
  })
  choose([])
  return nodes.size > 0 ? neighbour(graph, nodes) : null
}

function paste(copied: Graph, corner: Point) {
  const doc = editable()
  if (!doc) return
  const graph = currentGraph()
  const placed = placeCopied(copied, Object.keys(graph.nodes), freePlace(corner, graph))
  startStep()
  shared.addGraph(doc, placed)
  choose(Object.keys(placed.nodes))
}

export function pasteText(text: string, corner: Point): boolean {
  const copied = readCopied(text)
  if (!copied || !editable()) return false
  paste(copied, corner)
  return true
}

export function copyChosen(): string | null {
  const { nodes } = useSelection.getState()
  return nodes.size === 0 ? null : copyText(currentGraph(), nodes, useDocument.getState().name)
}

/** The copies read what the originals read, and stand beside all cards that would be in their place. */
export function duplicateChosen() {
  const { nodes: chosen } = useSelection.getState()
  const graph = currentGraph()
  const nodes = Object.fromEntries(Object.entries(graph.nodes).filter(([id]) => chosen.has(id)))
  if (Object.keys(nodes).length === 0) return
  const copied = { nodes, edges: graph.edges.filter(([, to]) => chosen.has(splitEnd(to).node)) }
  paste(copied, clearAside(copied, graph, currentCatalogue()))
}

export function nudgeChosen(dx: number, dy: number) {
  const doc = editable()
  const { nodes } = currentGraph()
  if (!doc) return
  const places: Record<string, Point> = {}
  for (const id of useSelection.getState().nodes) {
    const node = nodes[id]
    if (node) places[id] = [node.position[0] + dx, node.position[1] + dy]
  }
  shared.moveNodes(doc, places)
}

export function moveNodes(places: Record<string, Point>) {
  const doc = editable()
  if (doc) shared.moveNodes(doc, places)
}

export function chooseAll() {
  const { nodes, edges } = currentGraph()
  choose(Object.keys(nodes), edges.map(edgeKey))
}

/** Options of another value of their choice do not fit the new one, so they go. */
export function setParam(node: string, name: string, value: Json | undefined) {
  const doc = editable()
  if (!doc) return
  const { module, params } = currentGraph().nodes[node] ?? { module: '', params: {} }
  const outdated = currentCatalogue().module(module)?.params.filter((param) => param.form_of === name && param.name in params) ?? []
  shared.change(doc, () => {
    shared.setParam(doc, node, name, value)
    for (const param of outdated) shared.setParam(doc, node, param.name, undefined)
  })
}

export function setExecution(node: string | null, key: keyof Execution, value: Json | undefined) {
  const doc = editable()
  if (doc) shared.setExecution(doc, node, key, value)
}

export function setWords(node: string, field: 'title' | 'comment', words: string) {
  const doc = editable()
  if (doc) shared.setWords(doc, node, field, words)
}

export function setName(name: string) {
  const doc = editable()
  if (doc && name.trim()) shared.setName(doc, name.trim())
}
