/** The layout of a thumbnail: the rows and columns of a pipeline, closer together than on the canvas, so that titles can be read. */

export const CHIP_HEIGHT = 16

/** Cards whose tops are nearer than this stand in one row. */
const SAME_ROW = 44
const GAP = 8
const FEW_ROWS = 5
const PITCH = { few: 27, many: 22 }
/** The width of a column against the canvas, where no row asks for more. */
const LEAST_SCALE = 0.22
/** Cards on top of each other stay so. */
const MOST_SCALE = 0.6
/** With more than this, titles would be smaller than anyone can read. */
const MOST_ROWS = 9
const MOST_WIDTH = 560

export interface Card {
  /** The left edge of a card on the canvas, and its top. */
  x: number
  y: number
  /** The width of its chip in the thumbnail. */
  width: number
}

export interface Layout {
  /** The centre and the top of each chip, in the order of the cards. */
  chips: { x: number; y: number }[]
  left: number
  width: number
  height: number
  /** Whether titles can be read at this size. */
  readable: boolean
}

/** The row of each card, from 0. */
function rowsOf(cards: readonly Card[]): number[] {
  const rows = new Array<number>(cards.length).fill(0)
  const byY = cards.map((card, at) => ({ y: card.y, at })).sort((a, b) => a.y - b.y)
  let row = 0
  let top = byY[0]?.y ?? 0
  for (const { y, at } of byY) {
    if (y - top >= SAME_ROW) {
      row += 1
      top = y
    }
    rows[at] = row
  }
  return rows
}

/** The scale at which no two chips of a row overlap. */
function scaleOf(cards: readonly Card[], rows: readonly number[]): number {
  const order = cards.map((card, at) => ({ ...card, row: rows[at] ?? 0 })).sort((a, b) => a.row - b.row || a.x - b.x)
  let scale = LEAST_SCALE
  order.forEach((card, at) => {
    const before = order[at - 1]
    if (before?.row === card.row && card.x > before.x) scale = Math.max(scale, ((card.width + before.width) / 2 + GAP) / (card.x - before.x))
  })
  return Math.min(scale, MOST_SCALE)
}

export function layOut(cards: readonly Card[]): Layout {
  const rows = rowsOf(cards)
  const count = Math.max(0, ...rows) + 1
  const pitch = count <= FEW_ROWS ? PITCH.few : PITCH.many
  const scale = scaleOf(cards, rows)
  const chips = cards.map(({ x }, at) => ({ x: x * scale, y: (rows[at] ?? 0) * pitch }))
  const left = Math.min(...chips.map(({ x }, at) => x - (cards[at]?.width ?? 0) / 2))
  const width = Math.max(...chips.map(({ x }, at) => x + (cards[at]?.width ?? 0) / 2)) - left
  return { chips, left, width, height: (count - 1) * pitch + CHIP_HEIGHT, readable: count <= MOST_ROWS && width <= MOST_WIDTH }
}
