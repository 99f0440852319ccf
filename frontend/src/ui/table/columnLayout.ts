/** The width of each column, from its name, its kind and its first values. */

import { cellText } from '../../core/data/cells'
import type { Cell, Column, RowsPage } from '../../core/data/tables'

export const NUMBER_WIDTH = 56
const NARROWEST: Record<Column['kind'], number> = { number: 112, boolean: 112, datetime: 144, text: 128, other: 160 }
const WIDEST = 280
/** Pixels of a letter at 12 px, in a name (600) and in a cell. */
const NAME_LETTER = 7.2
const CELL_LETTER = 6.6
/** Around a name: type, role mark, sort, filter, and the cell's own padding. */
const AROUND_NAME = 58
const AROUND_CELL = 20
/** Rows whose values are measured. */
const MEASURED = 50

function columnWidth(column: Column, letters: number): number {
  const wanted = Math.max(column.name.length * NAME_LETTER + AROUND_NAME, letters * CELL_LETTER + AROUND_CELL)
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST[column.kind], wanted)))
}

/** One width for each column of a page of rows. */
export function columnWidths({ columns, rows }: RowsPage, decimals: number[]): number[] {
  const measured = rows.slice(0, MEASURED)
  return columns.map((column, at) => columnWidth(column, Math.max(0, ...measured.map((row) => lettersOf(row[at] ?? null, column, decimals[at])))))
}

function lettersOf(value: Cell, { kind }: Column, decimals: number | undefined): number {
  return value === null ? 0 : cellText(value, kind, decimals).length
}
