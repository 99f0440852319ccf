/** The document as React Flow elements: unchanged parts keep their identity, so that only changed cards render. */
import type { Edge as FlowEdge, EdgeChange, Node as FlowNode, NodeChange } from '@xyflow/react'
import { useCallback, useMemo, useState } from 'react'
import { heightWith, TALLEST } from '../../core/graph/cardShape'
import type { Catalogue, Module, PortKind } from '../../core/catalogue/catalogue'
import { portOf, nodeTitle } from '../../core/graph/connect'
import { CARD_WIDTH, edgeKey, splitEnd, type Edge, type End, type Graph, type GraphNode, type Point } from '../../core/graph/graph'
import { flowOrder } from '../../core/graph/flowOrder'
import { foldedIn, portPlace } from '../../core/graph/groups'
import { useCatalogue } from '../../state/catalogue'
import { real, useDrawn, withFolded } from '../../state/drawn'
import { choose, useSelection } from '../../state/selection'
import { cardHandles } from './cardHandles'
import { useTold } from './cardTold'
import { useDistance } from './useDistance'
import { useDragging } from './useDragging'

export type CardNode = FlowNode<Record<string, never>, 'card'>
/** With its ends in the document, which may be within folded cards. */
export type WireEdge = FlowEdge<{ kind: PortKind | null; from: End; to: End }, 'wire'>

const NO_DATA = {}

/** The element with the name and state of a card; zoomed far out it is not rendered, and the label alone names the card. */
export const cardNameId = (id: string) => `card-name-${id}`

/** What a failed card says may reach over the next one. */
const ABOVE_NEXT = 1
const ABOVE_ALL = 2

function cardNode(id: string, node: GraphNode, module: Module | undefined, selected: boolean, [x, y]: Point, height: number): CardNode {
  const folded = foldedIn(node.module) !== null
  return {
    id, type: 'card', data: NO_DATA, selected, position: { x, y },
    // A transform of its own for each card makes painting a thousand of them slower.
    style: { transform: 'none', left: x, top: y },
    zIndex: selected ? ABOVE_ALL : height > TALLEST ? ABOVE_NEXT : 0,
    width: CARD_WIDTH, height, measured: { width: CARD_WIDTH, height },
    handles: cardHandles(module, height),
    ariaLabel: node.title || module?.title || node.module,
    domAttributes: { 'aria-labelledby': cardNameId(id), 'aria-roledescription': folded ? 'sub-pipeline' : 'module' },
  }
}

interface Made {
  source: GraphNode
  module: Module | undefined
  flow: CardNode
}

/** Cards are in the DOM in the order of the flow; during a drag the order is kept. */
function useOrder(dragging: boolean): string[] {
  const nodes = useDrawn((state) => state.nodes)
  const edges = useDrawn((state) => state.edges)
  const [held, setHeld] = useState<string[]>([])
  const fresh = useMemo(() => (dragging ? null : flowOrder({ nodes, edges })), [dragging, nodes, edges])
  const order = fresh && fresh.join() !== held.join() ? fresh : held
  if (order !== held) setHeld(order)
  return order
}

function useCardNodes(dragged: Record<string, Point>): CardNode[] {
  const told = useTold()
  const drawn = useDrawn()
  const catalogue = withFolded(useCatalogue())
  const selected = useSelection((state) => state.nodes)
  const [made] = useState(() => new Map<string, Made>())
  const order = useOrder(Object.keys(dragged).length > 0)
  return useMemo(() => order.flatMap((id) => {
    const source = drawn.nodes[id]
    if (!source) return []
    const before = made.get(id)
    const [x, y] = dragged[id] ?? source.position
    const chosen = selected.has(id)
    const module = catalogue.module(source.module)
    const height = heightWith(source, module, told.get(id))
    const { flow } = before ?? {}
    if (flow && before?.source === source && before.module === module && flow.height === height && flow.selected === chosen && flow.position.x === x && flow.position.y === y) return flow
    const fresh = cardNode(id, source, module, chosen, [x, y], height)
    made.set(id, { source, module, flow: fresh })
    return fresh
  }), [order, drawn, catalogue, selected, dragged, made, told])
}

function wireEdge(edge: Edge, graph: Graph, catalogue: Catalogue, selected: boolean): WireEdge {
  const source = splitEnd(edge[0])
  const target = splitEnd(edge[1])
  const output = portOf(graph, catalogue, edge[0], 'output')
  return {
    id: edgeKey(real(edge)), type: 'wire', selected,
    source: source.node, sourceHandle: source.port, target: target.node, targetHandle: target.port,
    data: { kind: output ? catalogue.kind(output.kind) : null, from: portPlace(source.node, source.port), to: portPlace(target.node, target.port) },
    ariaLabel: `From ${nodeTitle(graph, catalogue, source.node)} to ${nodeTitle(graph, catalogue, target.node)}`,
  }
}

/** A node may vanish a moment before its edges do, when another user deletes it. */
const isWhole = (edge: Edge, nodes: Record<string, GraphNode>) => edge.every((end) => splitEnd(end).node in nodes)

function useWireEdges(): WireEdge[] {
  const edges = useDrawn((state) => state.edges)
  const ids = useDrawn((state) => Object.keys(state.nodes).join(' '))
  const catalogue = withFolded(useCatalogue())
  const selected = useSelection((state) => state.edges)
  return useMemo(() => {
    const { nodes } = useDrawn.getState()
    return edges.filter((edge) => isWhole(edge, nodes)).map((edge) => wireEdge(edge, { nodes, edges }, catalogue, selected.has(edgeKey(real(edge)))))
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
