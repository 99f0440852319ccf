/** Edges at a screen position. */
import { edgeKey, type Edge } from '../../core/graph/graph'
import { drawnEdge, real } from '../../state/drawn'
import { useWiring } from './wiring'

/** The edge at a point, by its ends; also under a card. */
export function wireAt(x: number, y: number): Edge | undefined {
  const wire = document.elementsFromPoint(x, y).map((element) => element.closest('.react-flow__edge')).find(Boolean)
  return drawnEdge(wire?.getAttribute('data-id'))
}

/** Highlights the edge that the dragged card would be inserted into. */
export function markWire(edge: Edge | null | undefined) {
  const over = edge ? edgeKey(real(edge)) : null
  if (useWiring.getState().over !== over) useWiring.setState({ over })
}
