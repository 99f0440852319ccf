/** The width of each column, from its name and kind. */

import type { Column } from '../../core/data/tables'

export const NUMBER_WIDTH = 60
const NARROWEST: Record<Column['kind'], number> = { number: 104, boolean: 96, datetime: 160, text: 132, other: 160 }
const WIDEST = 260
const BY_LETTER = 8
const AROUND_NAME = 74

export function columnWidth(column: Column): number {
  return Math.min(WIDEST, Math.max(NARROWEST[column.kind], Math.round(column.name.length * BY_LETTER + AROUND_NAME)))
}
