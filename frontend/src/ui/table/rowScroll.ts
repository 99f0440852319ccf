/** Positions of rows of equal height in a scroll container, also when the table is taller than a browser allows. */

/** Chromium stops near 33 million pixels, Firefox near 17 million. */
const TALLEST = 12_000_000

export interface RowLayout {
  /** The height of the scrolled content. */
  height: number
  /** Table pixels per scrolled pixel: 1 until the table is too tall to be rendered at its size. */
  ratio: number
}

export function rowLayout(rows: number, rowHeight: number, viewport: number): RowLayout {
  const real = rows * rowHeight
  if (real <= TALLEST) return { height: real, ratio: 1 }
  return { height: TALLEST, ratio: (real - viewport) / (TALLEST - viewport) }
}

/** The rows to render when `top` table pixels are above the viewport; `last` is included, and -1 when there is none. */
export function visibleRows(top: number, viewport: number, rows: number, rowHeight: number, overscan = 8): { first: number; last: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan)
  const last = Math.min(rows - 1, Math.ceil((top + viewport) / rowHeight) + overscan)
  return { first: Math.min(first, Math.max(0, last)), last }
}

/** The smallest scroll that brings a row fully into view. */
export function topToShow(row: number, top: number, viewport: number, rowHeight: number): number {
  const start = row * rowHeight
  if (start < top) return start
  return Math.max(top, start + rowHeight - viewport)
}
