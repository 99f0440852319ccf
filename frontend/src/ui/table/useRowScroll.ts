import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { rowLayout, topToShow, visibleRows } from './rowScroll'

export const ROW_HEIGHT = 26

export interface RowScroll {
  box: React.RefObject<HTMLDivElement | null>
  first: number
  last: number
  /** The height of the body. */
  height: number
  /** The offset from a row's own position to its position in the body. */
  shift: number
  /** Rows that fit in view, for paging. */
  page: number
  onScroll: () => void
  show: (row: number) => void
}

/** The rows in view of a scroll container with a sticky header, and their positions. Tables too tall for the browser still scroll by the pixel. */
export function useRowScroll(rows: number, header: number): RowScroll {
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [scrolled, setScrolled] = useState(0)
  const [viewport, setViewport] = useState(400)
  const { height, ratio } = rowLayout(rows, ROW_HEIGHT, viewport)
  const real = useRef({ top: 0, scrolled: 0 })

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setViewport(Math.max(ROW_HEIGHT, element.clientHeight - header))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [header])

  const onScroll = useCallback(() => {
    const at = box.current?.scrollTop ?? 0
    if (Math.abs(at - real.current.scrolled) > 0.5) real.current = { top: at * ratio, scrolled: at }
    setTop(real.current.top)
    setScrolled(at)
  }, [ratio])

  const moveTo = useCallback((wanted: number) => {
    const next = Math.min(Math.max(0, wanted), Math.max(0, rows * ROW_HEIGHT - viewport))
    void box.current?.scrollTo({ top: next / ratio })
    real.current = { top: next, scrolled: box.current?.scrollTop ?? 0 }
    onScroll()
  }, [onScroll, ratio, rows, viewport])

  useEffect(() => {
    const element = box.current
    if (!element || ratio === 1) return
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY === 0 || event.ctrlKey) return
      event.preventDefault()
      moveTo(real.current.top + event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [moveTo, ratio])

  return {
    box,
    ...visibleRows(top, viewport, rows, ROW_HEIGHT),
    height,
    shift: scrolled - top,
    page: Math.max(1, Math.floor(viewport / ROW_HEIGHT) - 1),
    onScroll,
    show: (row) => moveTo(row < 0 ? real.current.top : topToShow(row, real.current.top, viewport, ROW_HEIGHT)),
  }
}
