/** Lets the rest of the page ask things of the canvas, and remembers where it looked. */
import { useReactFlow } from '@xyflow/react'
import { useCallback, useEffect, useRef, type PointerEvent, type RefObject } from 'react'
import type { Point } from '../../core/graph'
import { useDocument } from '../../state/document'
import { tellPointer } from '../../state/people'
import { keepPlace, useView } from '../../state/view'

const MOTION = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 140)

export function useHandle(frame: RefObject<HTMLDivElement | null>) {
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
        fit: (nodes) => void flow.fitView({ nodes: nodes?.map((id) => ({ id })), padding: 0.14, maxZoom: 1, duration: MOTION() }),
        zoom: (by) => {
          if (by === 'in') void flow.zoomIn({ duration: MOTION() })
          else if (by === 'out') void flow.zoomOut({ duration: MOTION() })
          else void flow.zoomTo(1, { duration: MOTION() })
        },
        middle: () => toCanvas(middleOnScreen()),
        pointerOnScreen: () => last.current ?? middleOnScreen(),
        pointer: () => toCanvas(last.current ?? middleOnScreen()),
      },
    })
    return () => useView.setState({ canvas: null })
  }, [flow, frame])

  const onPointerMove = useCallback((event: PointerEvent) => {
    last.current = [event.clientX, event.clientY]
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    tellPointer([Math.round(x), Math.round(y)])
  }, [flow])

  const onPointerLeave = useCallback(() => {
    last.current = null
    tellPointer(null)
  }, [])

  const onMoveEnd = useCallback((_: unknown, viewport: { x: number; y: number; zoom: number }) => {
    const { pipelineId } = useDocument.getState()
    if (pipelineId) keepPlace(pipelineId, { viewport })
  }, [])

  return { onPointerMove, onPointerLeave, onMoveEnd }
}
