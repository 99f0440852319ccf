import { useCallback, useState } from 'react'
import { rangeOfWindows } from '../../core/data/rowWindows'

interface Range {
  first: number
  last: number
}

/** The rows to fetch for those in view, in whole windows: scrolling within them renders nothing outside of the grid. */
export function useRange(): [Range, (first: number, last: number) => void] {
  const [range, setRange] = useState<Range>({ first: 0, last: 40 })
  const onRange = useCallback((first: number, last: number) => setRange((before) => {
    const next = rangeOfWindows(first, last)
    return next.first === before.first && next.last === before.last ? before : next
  }), [])
  return [range, onRange]
}
