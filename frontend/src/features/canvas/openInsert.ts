/** The search for a module to insert into a wire. */
import { cardHeight } from '../../core/graph/cardShape'
import { splitEnd, type Point } from '../../core/graph/graph'
import { BETWEEN } from '../../core/graph/placement'
import { currentCatalogue } from '../../state/catalogue'
import { currentDrawing, drawnEdge, withFolded } from '../../state/drawn'
import { openSearch, useView } from '../../state/view'

/** At a screen position, else at the pointer; the card goes below the wire's source. */
export function openInsert(wire: string, at?: Point) {
  const { nodes } = currentDrawing()
  const onto = drawnEdge(wire)
  const source = onto && nodes[splitEnd(onto[0]).node]
  const { canvas } = useView.getState()
  if (!source || !canvas) return
  const [x, y] = canvas.pointer()
  const below = source.position[1] + cardHeight(source, withFolded(currentCatalogue())) + BETWEEN
  openSearch({ at: at ?? canvas.pointerOnScreen(), place: [x, Math.max(below, y)], onto })
}
