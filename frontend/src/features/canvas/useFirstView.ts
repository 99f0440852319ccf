import { useCallback, useState } from 'react'
import { restoredView, type Size } from '../../core/graph/initialView'
import { currentCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { currentDrawing, withFolded } from '../../state/drawn'
import { loadPlace, type Viewport } from '../../state/view'

/** The last view, as long as it shows a card; else the initial view. */
function firstView(size: Size): Viewport {
  const { viewport } = loadPlace(useDocument.getState().pipelineId ?? '')
  return restoredView(viewport, Object.values(currentDrawing().nodes), withFolded(currentCatalogue()), size)
}

/** The size and the first view of the canvas, as soon as the element that gets the `ref` is there. */
export function useFirstView() {
  const [first, setFirst] = useState<{ size: Size; view: Viewport }>()
  const ref = useCallback((room: HTMLElement | null) => {
    if (!room) return
    const size = { width: room.clientWidth, height: room.clientHeight }
    setFirst({ size, view: firstView(size) })
  }, [])
  return [ref, first] as const
}
