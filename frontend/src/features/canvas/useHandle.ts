/** The canvas API for the rest of the page; also stores the view. */
import { useReactFlow, type ReactFlowInstance } from '@xyflow/react'
import { useCallback, useEffect, useRef, type PointerEvent, type RefObject } from 'react'
import { cardHeight } from '../../core/graph/cardShape'
import { CARD_WIDTH, type Point } from '../../core/graph/graph'
import { currentCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { currentDrawing, currentLevel, withFolded } from '../../state/drawn'
import { publishPointer } from '../../state/people'
import { savePlace, useView, type CanvasHandle } from '../../state/view'

/** The duration of a view transition in milliseconds. */
const motion = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 220)

const EDGE = 24
/** The tools float there. */
const EDGE_BELOW = 64

function reveal(flow: ReactFlowInstance, frame: HTMLElement | null, id: string, duration = motion()) {
  const node = currentDrawing().nodes[id]
  const box = frame?.getBoundingClientRect()
  if (!node || !box) return
  const [x, y] = node.position
  const height = cardHeight(node, withFolded(currentCatalogue()))
  const corner = flow.flowToScreenPosition({ x, y })
  const end = flow.flowToScreenPosition({ x: x + CARD_WIDTH, y: y + height })
  const seen = corner.x > box.left + EDGE && corner.y > box.top + EDGE && end.x < box.right - EDGE && end.y < box.bottom - EDGE_BELOW
  if (!seen) void flow.setCenter(x + CARD_WIDTH / 2, y + height / 2, { zoom: flow.getZoom(), duration })
}

const cardElement = (frame: HTMLElement | null, id: string) => frame?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)

const FRAMES = 30

/** A card that was just added, or lies out of view, is rendered some frames later. */
function focusCard(flow: ReactFlowInstance, frame: HTMLElement | null, id: string, left = FRAMES) {
  const card = cardElement(frame, id)
  if (card) {
    card.focus({ preventScroll: true })
    return
  }
  if (left === FRAMES) reveal(flow, frame, id, 0)
  if (left > 0) requestAnimationFrame(() => focusCard(flow, frame, id, left - 1))
}

export function useHandle(frame: RefObject<HTMLDivElement | null>, upload: CanvasHandle['upload']) {
  const flow = useReactFlow()
  const last = useRef<Point | null>(null)

  useEffect(() => {
    const middleOnScreen = (): Point => {
      const box = frame.current?.getBoundingClientRect()
      return box ? [box.left + box.width / 2, box.top + box.height / 3] : [0, 0]
    }
    const toCanvas = ([x, y]: Point): Point => {
      const place = flow.screenToFlowPosition({ x, y })
      return [place.x, place.y]
    }
    useView.setState({
      canvas: {
        fit: (nodes) => void flow.fitView({ nodes: nodes?.map((id) => ({ id })), padding: 0.14, maxZoom: 1, duration: motion() }),
        reveal: (id) => reveal(flow, frame.current, id),
        focus: (id) => {
          if (id) focusCard(flow, frame.current, id)
          else frame.current?.querySelector<HTMLElement>('[data-first], .react-flow')?.focus()
        },
        upload,
        onScreen: (id) => {
          const node = currentDrawing().nodes[id]
          const place = node && flow.flowToScreenPosition({ x: node.position[0], y: node.position[1] + cardHeight(node, withFolded(currentCatalogue())) })
          return place ? [place.x, place.y] : null
        },
        zoom: (by) => {
          if (by === 'in') void flow.zoomIn({ duration: motion() })
          else if (by === 'out') void flow.zoomOut({ duration: motion() })
          else void flow.zoomTo(1, { duration: motion() })
        },
        middle: () => toCanvas(middleOnScreen()),
        pointerOnScreen: () => last.current ?? middleOnScreen(),
        pointer: () => toCanvas(last.current ?? middleOnScreen()),
      },
    })
    return () => useView.setState({ canvas: null })
  }, [flow, frame, upload])

  const onPointerMove = useCallback((event: PointerEvent) => {
    last.current = [event.clientX, event.clientY]
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    publishPointer(currentLevel() === null ? [Math.round(x), Math.round(y)] : null)
  }, [flow])

  const onPointerLeave = useCallback(() => {
    last.current = null
    publishPointer(null)
  }, [])

  const onMoveEnd = useCallback((_: unknown, viewport: { x: number; y: number; zoom: number }) => {
    const { pipelineId } = useDocument.getState()
    const { clientWidth: width = 0, clientHeight: height = 0 } = frame.current ?? {}
    if (pipelineId) savePlace(pipelineId, { viewport: { ...viewport, width, height } })
  }, [frame])

  return { onPointerMove, onPointerLeave, onMoveEnd }
}
