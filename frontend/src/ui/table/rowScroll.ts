/** Where rows of equal height stand in a scroll box, also when there are more than a browser can make an element tall. */

/** Chromium stops near 33 million pixels, Firefox near 17 million. */
const TALLEST = 12_000_000

export interface RowLayout {
  /** How tall the scrolled content is made. */
  height: number
  /** Table pixels per scrolled pixel: 1 until the table is too tall to be drawn at its size. */
  ratio: number
}

export function rowLayout(rows: number, rowHeight: number, viewport: number): RowLayout {
  const real = rows * rowHeight
  if (real <= TALLEST) return { height: real, ratio: 1 }
  return { height: TALLEST, ratio: (real - viewport) / (TALLEST - viewport) }
}

/** The rows to draw when `top` table pixels are above the viewport; `last` is included, and -1 when there is none. */
export function visibleRows(top: number, viewport: number, rows: number, rowHeight: number, overscan = 8): { first: number; last: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan)
  const last = Math.min(rows - 1, Math.ceil((top + viewport) / rowHeight) + overscan)
  return { first: Math.min(first, Math.max(0, last)), last }
}

/** The smallest move that brings a row wholly into view. */
export function topToShow(row: number, top: number, viewport: number, rowHeight: number): number {
  const start = row * rowHeight
  if (start < top) return start
  return Math.max(top, start + rowHeight - viewport)
}
