/** What a dragged card is in line with, and how far it is from the one above. */
import { CARD_WIDTH } from './graph'
import type { Box } from './wiresBehind'

/** A line from one point to another. */
export interface Guide {
  x1: number
  y1: number
  x2: number
  y2: number
}

export interface Guides {
  /** Along the left edges of this card and the nearest one in its column; along the upper edges in its row. */
  aligned: Guide[]
  /** From the lower edge of the card above. */
  gap: Guide | null
}

const OVER = 16
const FARTHEST = 400

function nearest(boxes: readonly Box[], distance: (box: Box) => number): Box | undefined {
  return boxes.reduce<Box | undefined>((best, box) => (best && distance(best) <= distance(box) ? best : box), undefined)
}

export function guidesFor(moved: Box, others: readonly Box[]): Guides {
  const bottom = (box: Box) => box.y + box.height
  const near = others.filter(({ x, y }) => Math.abs(x - moved.x) <= 2 * FARTHEST && Math.abs(y - moved.y) <= FARTHEST)
  const column = nearest(near.filter(({ x }) => x === moved.x), ({ y }) => Math.abs(y - moved.y))
  const row = nearest(near.filter(({ y }) => y === moved.y), ({ x }) => Math.abs(x - moved.x))
  const above = nearest(near.filter((box) => Math.abs(box.x - moved.x) < CARD_WIDTH && bottom(box) < moved.y), (box) => moved.y - bottom(box))
  const aligned: Guide[] = []
  if (column) aligned.push({ x1: moved.x, x2: moved.x, y1: Math.min(column.y, moved.y) - OVER, y2: Math.max(bottom(column), bottom(moved)) + OVER })
  if (row) aligned.push({ y1: moved.y, y2: moved.y, x1: Math.min(row.x, moved.x) - OVER, x2: Math.max(row.x, moved.x) + CARD_WIDTH + OVER })
  const beside = above && Math.min(above.x, moved.x) + CARD_WIDTH - 8
  return { aligned, gap: above && beside !== undefined ? { x1: beside, x2: beside, y1: bottom(above), y2: moved.y } : null }
}
