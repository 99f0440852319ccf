/** The document as React Flow elements: unchanged parts keep their identity, so that only changed cards render. */
import type { Edge as FlowEdge, EdgeChange, Node as FlowNode, NodeChange } from '@xyflow/react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { cardHeight } from '../../core/graph/cardShape'
import type { Catalogue, PortKind } from '../../core/catalogue/catalogue'
import { portOf, nodeTitle } from '../../core/graph/connect'
import { CARD_WIDTH, edgeKey, edgesTouching, splitEnd, type Edge, type Graph, type GraphNode, type Point } from '../../core/graph/graph'
import { insertEdges } from '../../core/graph/insert'
import { flowOrder } from '../../core/graph/flowOrder'
import { currentCatalogue, useCatalogue } from '../../state/catalogue'
import { currentGraph, endLongStep, startLongStep, useDocument } from '../../state/document'
import { insertNode, moveNodes } from '../../state/edit'
import { choose, useSelection } from '../../state/selection'
import { cardHandles } from './cardHandles'
import { useDistance } from './useDistance'
import { markWire, wireAt } from './wireAt'
import { useWiring } from './wiring'

export type CardNode = FlowNode<Record<string, never>, 'card'>
export type WireEdge = FlowEdge<{ kind: PortKind | null }, 'wire'>

const NO_DATA = {}

/** The element with the name and state of a card; zoomed far out it is not rendered, and the label alone names the card. */
export const cardNameId = (id: string) => `card-name-${id}`

function cardNode(id: string, node: GraphNode, catalogue: Catalogue, selected: boolean, [x, y]: Point): CardNode {
  const height = cardHeight(node)
  const module = catalogue.module(node.module)
  return {
    id, type: 'card', data: NO_DATA, selected, position: { x, y },
    width: CARD_WIDTH, height, measured: { width: CARD_WIDTH, height },
    handles: cardHandles(module, height),
    ariaLabel: node.title || module?.title || id,
    domAttributes: { 'aria-labelledby': cardNameId(id), 'aria-roledescription': 'module' },
  }
}

interface Made {
  source: GraphNode
  catalogue: Catalogue
  flow: CardNode
}

/** Cards are in the DOM in the order of the flow; during a drag the order is kept. */
function useOrder(dragging: boolean): string[] {
  const nodes = useDocument((state) => state.nodes)
  const edges = useDocument((state) => state.edges)
  const [held, setHeld] = useState<string[]>([])
  const fresh = useMemo(() => (dragging ? null : flowOrder({ nodes, edges })), [dragging, nodes, edges])
  const order = fresh && fresh.join() !== held.join() ? fresh : held
  if (order !== held) setHeld(order)
  return order
}

function useCardNodes(dragged: Record<string, Point>): CardNode[] {
  const nodes = useDocument((state) => state.nodes)
  const catalogue = useCatalogue()
  const selected = useSelection((state) => state.nodes)
  const [made] = useState(() => new Map<string, Made>())
  const order = useOrder(Object.keys(dragged).length > 0)
  return useMemo(() => order.flatMap((id) => {
    const source = nodes[id]
    if (!source) return []
    const before = made.get(id)
    const [x, y] = dragged[id] ?? source.position
    const chosen = selected.has(id)
    const { flow } = before ?? {}
    if (flow && before?.source === source && before.catalogue === catalogue && flow.selected === chosen && flow.position.x === x && flow.position.y === y) return flow
    const fresh = cardNode(id, source, catalogue, chosen, [x, y])
    made.set(id, { source, catalogue, flow: fresh })
    return fresh
  }), [order, nodes, catalogue, selected, dragged, made])
}

function wireEdge(edge: Edge, graph: Graph, catalogue: Catalogue, selected: boolean): WireEdge {
  const source = splitEnd(edge[0])
  const target = splitEnd(edge[1])
  const output = portOf(graph, catalogue, edge[0], 'output')
  return {
    id: edgeKey(edge), type: 'wire', selected,
    source: source.node, sourceHandle: source.port, target: target.node, targetHandle: target.port,
    data: { kind: output ? catalogue.kind(output.kind) : null },
    ariaLabel: `From ${nodeTitle(graph, catalogue, source.node)} to ${nodeTitle(graph, catalogue, target.node)}`,
  }
}

/** A node may vanish a moment before its edges do, when another user deletes it. */
const isWhole = (edge: Edge, nodes: Record<string, GraphNode>) => edge.every((end) => splitEnd(end).node in nodes)

function useWireEdges(): WireEdge[] {
  const edges = useDocument((state) => state.edges)
  const ids = useDocument((state) => Object.keys(state.nodes).join(' '))
  const catalogue = useCatalogue()
  const selected = useSelection((state) => state.edges)
  return useMemo(() => {
    const { nodes } = useDocument.getState()
    return edges.filter((edge) => isWhole(edge, nodes)).map((edge) => wireEdge(edge, { nodes, edges }, catalogue, selected.has(edgeKey(edge))))
    // `ids` stands for the nodes: positions do not matter to an edge's ends.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [edges, ids, catalogue, selected])
}

function chosenAfter(before: ReadonlySet<string>, changes: (NodeChange<CardNode> | EdgeChange<WireEdge>)[]): Set<string> | null {
  const next = new Set(before)
  let touched = false
  for (const change of changes) {
    if (change.type !== 'select') continue
    touched = true
    if (change.selected) next.add(change.id)
    else next.delete(change.id)
  }
  return touched ? next : null
}

const SHARE_EVERY = 60
const STILL: Record<string, Point> = {}

/** The points at which to look for an edge under a card, from its middle outwards, in parts of its width. */
const PROBES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]

/** The edge under the single dragged card without edges, when the card fits into it. */
function wireUnder(moved: Record<string, Point>): Edge | undefined {
  const [id, ...more] = Object.keys(moved)
  const graph = currentGraph()
  if (!id || more.length > 0 || edgesTouching(graph.edges, new Set([id])).length > 0) return undefined
  const box = document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.getBoundingClientRect()
  for (const part of box ? PROBES : []) {
    const wire = box && wireAt(box.left + box.width * part, box.top + box.height / 2)
    if (wire && insertEdges(graph, currentCatalogue(), id, wire)) return wire
  }
  return undefined
}

/** Ends a drag: a card over an edge is inserted into it. */
function drop(moved: Record<string, Point>) {
  const [id] = Object.keys(moved)
  const wire = currentGraph().edges.find((edge) => edgeKey(edge) === useWiring.getState().over)
  const place = id && moved[id]
  if (wire && place) insertNode(id, place, wire)
  markWire(null)
}

/** Cards follow the pointer at once; other users receive the move a few times a second; the drop is stored. */
function useDragging() {
  const [dragged, setDragged] = useState(STILL)
  const moving = useRef<Record<string, Point> | null>(null)
  const shared = useRef(0)
  const onMoves = useCallback((changes: NodeChange<CardNode>[]) => {
    const places: Record<string, Point> = {}
    let ended = false
    for (const change of changes) {
      if (change.type !== 'position') continue
      if (change.dragging && change.position) places[change.id] = [change.position.x, change.position.y]
      else if (moving.current) ended = true
    }
    if (Object.keys(places).length > 0) {
      if (!moving.current) startLongStep()
      moving.current = { ...moving.current, ...places }
      setDragged(moving.current)
      if (performance.now() - shared.current > SHARE_EVERY) {
        shared.current = performance.now()
        moveNodes(moving.current)
      }
      markWire(wireUnder(moving.current))
    }
    if (ended && moving.current) {
      moveNodes(moving.current)
      drop(moving.current)
      endLongStep()
      moving.current = null
      setDragged(STILL)
    }
  }, [])
  return { dragged, onMoves }
}

/** From this many edges on, a zoomed-out pipeline's edges are one drawing. */
const MANY_WIRES = 200

/** The edges rendered by React Flow, and those in one drawing: zoomed out, where none can be hit, all that are not selected. */
function useDrawnApart(edges: WireEdge[]) {
  const apart = useDistance() === 'farthest' && edges.length > MANY_WIRES
  return useMemo(() => (apart ? { edges: edges.filter((edge) => edge.selected), farWires: edges } : { edges, farWires: null }), [apart, edges])
}

export function useFlowElements() {
  const { dragged, onMoves } = useDragging()
  const nodes = useCardNodes(dragged)
  const { edges, farWires } = useDrawnApart(useWireEdges())
  const onNodesChange = useCallback((changes: NodeChange<CardNode>[]) => {
    const before = useSelection.getState()
    const next = chosenAfter(before.nodes, changes)
    if (next) choose(next, before.edges)
    onMoves(changes)
  }, [onMoves])
  const onEdgesChange = useCallback((changes: EdgeChange<WireEdge>[]) => {
    const before = useSelection.getState()
    const next = chosenAfter(before.edges, changes)
    if (next) choose(before.nodes, next)
  }, [])
  return { elements: { nodes, edges, onNodesChange, onEdgesChange }, farWires }
}
