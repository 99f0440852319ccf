/** All edits that a user can make, in terms of the graph; each is one undo step. */
import { preferredPort, checkConnection, type Side, type Verdict } from '../core/graph/connect'
import { copyText, partOf, placeCopied, readCopied } from '../core/graph/clipboard'
import { bypassEdges } from '../core/graph/bypass'
import { belowSource, insertEdges, spaceBelow, splitEdge } from '../core/graph/insert'
import { neighbour } from '../core/graph/flowOrder'
import { cardHeight } from '../core/graph/cardShape'
import { insertRefusal } from '../core/graph/components'
import { nodesOf } from '../core/graph/groups'
import { writtenValue } from '../core/graph/parameters'
import { clearAside, clearPlace, freePlace, placeAbove, placeAfter } from '../core/graph/placement'
import type { Json, Params } from '../core/base/json'
import { CARD_WIDTH, edgeKey, freshId, idStem, joinEnd, splitEnd, type Edge, type Graph, type GraphNode, type Point, type Execution } from '../core/graph/graph'
import { missingExtra, type Module } from '../core/catalogue/catalogue'
import { currentCatalogue } from './catalogue'
import { currentGraph, editable, startStep, useDocument } from './document'
import { currentDrawing, currentLevel, real, withFolded } from './drawn'
import { offerCommand } from './extras'
import { dropEmptied, takenIds } from './groups'
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

/** Cards and wires as they are drawn; the document gets their real ends. */
const drawnCatalogue = () => withFolded(currentCatalogue())

/** A card hangs below the place; one that feeds a loose input stands above it, so that its output is there. */
function cornerAt([x, y]: Point, module: Module, graph: Graph, { joined, anywhere }: Adding): Point {
  const catalogue = drawnCatalogue()
  const left = x - CARD_WIDTH / 2
  if (joined?.side !== 'input') return anywhere ? clearPlace([left, y], graph, catalogue) : [left, y]
  const own: GraphNode = { module: module.id, params: {}, position: [0, 0] }
  return anywhere ? placeAbove(graph, catalogue, own, splitEnd(joined.end).node) : [left, y - cardHeight(own, catalogue)]
}

/** The position and edges of a new node, for each way to add one. */
function drawn(id: string, module: Module, place: Point, { joined, onto, anywhere, after }: Adding): Drawn {
  const graph = currentDrawing()
  const catalogue = drawnCatalogue()
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
  const level = currentLevel()
  const id = freshId(idStem(module), takenIds())
  const { position, edges } = drawn(id, declared, place, options)
  const node: GraphNode = { module, params: options.params ?? {}, position, ...(level && { group: level }) }
  if (options.title) node.title = options.title
  const { onto } = options
  startStep()
  shared.change(doc, () => {
    shared.addGraph(doc, { nodes: { [id]: node }, edges: [] })
    if (onto && edges.length > 0) shared.moveNodes(doc, spaceBelow(currentDrawing(), drawnCatalogue(), onto, node))
    for (const edge of edges.map(real)) {
      const verdict = checkConnection({ ...graph, nodes: { ...graph.nodes, [id]: node } }, currentCatalogue(), edge)
      if (verdict.ok) shared.connect(doc, edge, verdict.replaces)
    }
  })
  choose([id])
  return id
}

/** Checks an edge between drawn cards; the edges that it replaces are those of the document. */
export function connectable(edge: Edge, lifted?: Edge): Verdict {
  const drawn = checkConnection(currentDrawing(), drawnCatalogue(), edge, lifted)
  return drawn.ok ? checkConnection(currentGraph(), currentCatalogue(), real(edge), lifted && real(lifted)) : drawn
}

/** Creates an edge between drawn cards, or returns the reason why not. Cards may form a loop where modules do not. */
export function connect(edge: Edge, lifted?: Edge): string | null {
  const doc = editable()
  if (!doc) return 'View only. You cannot change this pipeline.'
  const verdict = connectable(edge, lifted)
  if (!verdict.ok) return verdict.words
  startStep()
  shared.connect(doc, real(edge), lifted ? [real(lifted), ...verdict.replaces] : verdict.replaces)
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
  const graph = currentDrawing()
  const node = graph.nodes[id]
  const through = insertEdges(graph, drawnCatalogue(), id, onto)
  if (!doc || !node || !through) return
  shared.change(doc, () => {
    shared.moveNodes(doc, { ...spaceBelow(graph, drawnCatalogue(), onto, { ...node, position: place }), [id]: place })
    shared.connect(doc, real(through[0]), [real(onto)])
    shared.connect(doc, real(through[1]), [])
  })
}

/** Deletes the selection and closes the gaps; returns the card to focus next, null when none is left. */
export function removeChosen(): string | null {
  const doc = editable()
  const { nodes, edges } = useSelection.getState()
  if (!doc || nodes.size + edges.size === 0) return null
  const graph = currentGraph()
  const kept = { ...graph, edges: graph.edges.filter((edge) => !edges.has(edgeKey(edge))) }
  const gone = nodesOf(graph, nodes)
  const healed = bypassEdges(kept, currentCatalogue(), gone)
  const next = nodes.size > 0 ? neighbour(currentDrawing(), nodes) : null
  startStep()
  shared.change(doc, () => {
    shared.disconnect(doc, edges)
    shared.removeNodes(doc, gone)
    for (const edge of healed) shared.connect(doc, edge, [])
  })
  dropEmptied(gone)
  choose([])
  return next
}

function paste(copied: Graph, corner: Point) {
  const doc = editable()
  if (!doc) return
  const level = currentLevel()
  const placed = placeCopied(copied, takenIds(), freePlace(corner, currentDrawing()), level)
  startStep()
  shared.addGraph(doc, placed)
  choose([...Object.entries(placed.nodes), ...Object.entries(placed.groups ?? {})].filter(([, { group = null }]) => group === level).map(([id]) => id))
}

export function pasteText(text: string, corner: Point): boolean {
  const copied = readCopied(text)
  if (!copied || !editable()) return false
  paste(copied, corner)
  return true
}

/** Puts an instance of a component on the canvas; returns why it cannot, or null. */
export function insertComponent(content: Graph, place: Point, { anywhere }: Pick<Adding, 'anywhere'> = {}): string | null {
  const doc = editable()
  if (!doc) return 'View only. You cannot change this pipeline.'
  const refusal = insertRefusal(currentGraph(), currentLevel(), content)
  if (!refusal) paste(content, anywhere ? clearPlace(place, currentDrawing(), drawnCatalogue()) : place)
  return refusal
}

export function copyChosen(): string | null {
  const { nodes } = useSelection.getState()
  return nodes.size === 0 ? null : copyText(currentGraph(), nodes, useDocument.getState().name)
}

/** The copies read what the originals read, and stand beside all cards that would be in their place. */
export function duplicateChosen() {
  const { nodes: chosen } = useSelection.getState()
  const graph = currentGraph()
  const copied = partOf(graph, chosen)
  if (Object.keys(copied.nodes).length === 0) return
  const drawing = currentDrawing()
  const cards = Object.fromEntries(Object.entries(drawing.nodes).filter(([id]) => chosen.has(id)))
  paste({ ...copied, edges: graph.edges.filter(([, to]) => splitEnd(to).node in copied.nodes) }, clearAside({ nodes: cards, edges: [] }, drawing, drawnCatalogue()))
}

export function nudgeChosen(dx: number, dy: number) {
  const doc = editable()
  const { nodes } = currentDrawing()
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
  const { nodes, edges } = currentDrawing()
  choose(Object.keys(nodes), edges.map((edge) => edgeKey(real(edge))))
}

/** Options of another value of their choice do not fit the new one, so they go. */
export function setParam(node: string, name: string, value: Json | undefined) {
  const doc = editable()
  if (!doc) return
  const { module, params, driven } = currentGraph().nodes[node] ?? { module: '', params: {}, driven: {} }
  const outdated = currentCatalogue().module(module)?.params.filter((param) => param.form_of === name && param.name in params) ?? []
  shared.change(doc, () => {
    shared.setParam(doc, node, name, writtenValue(name, value, params, driven))
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
