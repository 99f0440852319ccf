/** Dragging cards: they follow the pointer, show what they are in line with, and go into the wire they are dropped on. */
import type { NodeChange } from '@xyflow/react'
import { useCallback, useRef, useState } from 'react'
import { cardHeight } from '../../core/graph/cardShape'
import { edgesTouching, type Edge, type GraphNode, type Point } from '../../core/graph/graph'
import { guidesFor } from '../../core/graph/guides'
import { insertEdges } from '../../core/graph/insert'
import { currentCatalogue } from '../../state/catalogue'
import { endLongStep, startLongStep } from '../../state/document'
import { currentDrawing, drawnEdge, withFolded } from '../../state/drawn'
import { insertNode, moveNodes } from '../../state/edit'
import type { CardNode } from './useFlowElements'
import { markWire, wireAt } from './wireAt'
import { useWiring } from './wiring'

const SHARE_EVERY = 60
const STILL: Record<string, Point> = {}

/** The points at which to look for an edge under a card, from its middle outwards, in parts of its width. */
const PROBES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]

/** The edge under the single dragged card without edges, when the card fits into it. */
function wireUnder(moved: Record<string, Point>): Edge | undefined {
  const [id, ...more] = Object.keys(moved)
  const graph = currentDrawing()
  if (!id || more.length > 0 || edgesTouching(graph.edges, new Set([id])).length > 0) return undefined
  const box = document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.getBoundingClientRect()
  for (const part of box ? PROBES : []) {
    const wire = box && wireAt(box.left + box.width * part, box.top + box.height / 2)
    if (wire && insertEdges(graph, withFolded(currentCatalogue()), id, wire)) return wire
  }
  return undefined
}

/** The guides of the single dragged card. */
function markGuides(moved: Record<string, Point> | null) {
  const [id, ...more] = Object.keys(moved ?? {})
  const place = id !== undefined && more.length === 0 ? moved?.[id] : undefined
  const { nodes } = currentDrawing()
  const boxOf = (node: GraphNode, [x, y]: Point) => ({ x, y, height: cardHeight(node, withFolded(currentCatalogue())) })
  const own = nodes[id ?? '']
  if (!place || !own) return useWiring.setState({ guides: null })
  const others = Object.entries(nodes).filter(([other]) => other !== id).map(([, node]) => boxOf(node, node.position))
  useWiring.setState({ guides: guidesFor(boxOf(own, place), others) })
}

/** Ends a drag: a card over an edge is inserted into it. */
function drop(moved: Record<string, Point>) {
  const [id] = Object.keys(moved)
  const wire = drawnEdge(useWiring.getState().over)
  const place = id && moved[id]
  if (wire && place) insertNode(id, place, wire)
  markWire(null)
  markGuides(null)
}

/** Cards follow the pointer at once; other users receive the move a few times a second; the drop is stored. */
export function useDragging() {
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
      markGuides(moving.current)
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
