/** Every edit a person can make, in terms of the graph; each is one step for undo. */
import { landingPort, judge, type Side } from '../core/connect'
import { cardHeight } from '../core/cardShape'
import { cornerOf, copyText, placeCopied, readCopied } from '../core/clipboard'
import type { Execution } from '../core/execution'
import { roomBelow, throughEdges } from '../core/insert'
import { CARD_WIDTH, edgeKey, freshId, idStem, joinEnd, type Edge, type Graph, type GraphNode, type Json, type Params, type Point } from '../core/graph'
import type { PortKind } from '../core/catalogue'
import { currentCatalogue } from './catalogue'
import { currentGraph, editable, startStep, useDocument } from './document'
import { choose, useSelection } from './selection'
import * as shared from './sharedGraph'

/** A wire with one end still free: what a new node should be joined to. */
export interface LooseEnd {
  end: string
  side: Side
  kind: PortKind
}

const GAP = 32

/** The nearest free place at or below the one wanted, so that nothing lands on top of another. */
function freePlace(wanted: Point, graph: Graph): Point {
  const taken = Object.values(graph.nodes).map((node) => node.position)
  let [x, y] = wanted
  while (taken.some(([otherX, otherY]) => Math.abs(otherX - x) < 20 && Math.abs(otherY - y) < 20)) {
    x += GAP
    y += GAP
  }
  return [Math.round(x), Math.round(y)]
}

/** The first place straight down from the one wanted where a card covers no other. */
function clearPlace([x, y]: Point, graph: Graph): Point {
  const covers = (top: number) => (node: GraphNode) => Math.abs(node.position[0] - x) < CARD_WIDTH + GAP && top < node.position[1] + cardHeight(node) + GAP && node.position[1] < top + cardHeight(node) + GAP
  let top = y
  for (let hit = Object.values(graph.nodes).find(covers(top)); hit; hit = Object.values(graph.nodes).find(covers(top))) {
    top = hit.position[1] + cardHeight(hit) + GAP
  }
  return [x, top]
}

interface Adding {
  params?: Params
  joined?: LooseEnd
  /** The wire it is dropped on. */
  onto?: Edge
  /** Nobody pointed at the place, so that it may move to where there is room. */
  anywhere?: boolean
}

export function addNode(module: string, place: Point, options: Adding = {}): string | null {
  const doc = editable()
  const declared = currentCatalogue().module(module)
  if (!doc || !declared) return null
  const graph = currentGraph()
  const id = freshId(idStem(module), new Set(Object.keys(graph.nodes)))
  const corner: Point = [place[0] - CARD_WIDTH / 2, place[1]]
  const position = freePlace(options.anywhere ? clearPlace(corner, graph) : corner, graph)
  const node = { module, params: options.params ?? {}, position }
  const { joined } = options
  const port = joined && landingPort(declared, joined.kind, joined.side)
  const own = port && joinEnd(id, port)
  const { onto } = options
  const through = onto && throughEdges(graph, currentCatalogue(), id, module, onto)
  const edges: Edge[] = through ?? (own && joined ? [joined.side === 'output' ? [joined.end, own] : [own, joined.end]] : [])
  startStep()
  shared.change(doc, () => {
    shared.addGraph(doc, { nodes: { [id]: node }, edges: [] })
    if (onto && through) shared.moveNodes(doc, roomBelow(graph, onto, node))
    for (const edge of edges) {
      const verdict = judge({ ...graph, nodes: { ...graph.nodes, [id]: node } }, currentCatalogue(), edge)
      if (verdict.ok) shared.connect(doc, edge, verdict.replaces)
    }
  })
  choose([id])
  return id
}

/** Draws a wire, or gives the reason why not. */
export function connect(edge: Edge, lifted?: Edge): string | null {
  const doc = editable()
  if (!doc) return 'You can look at this pipeline, not change it.'
  const verdict = judge(currentGraph(), currentCatalogue(), edge, lifted)
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

export function removeChosen() {
  const doc = editable()
  const { nodes, edges } = useSelection.getState()
  if (!doc || nodes.size + edges.size === 0) return
  startStep()
  shared.change(doc, () => {
    shared.disconnect(doc, edges)
    shared.removeNodes(doc, nodes)
  })
  choose([])
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

export function duplicateChosen() {
  const text = copyChosen()
  const copied = text && readCopied(text)
  if (!copied) return
  const [x, y] = cornerOf(copied)
  paste(copied, [x + GAP, y + GAP])
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

export function setParam(node: string, name: string, value: Json | undefined) {
  const doc = editable()
  if (doc) shared.setParam(doc, node, name, value)
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
