import type { ReactNode } from 'react'
import type { Cell, Column } from '../../core/data/tables'

/** How a table is drawn that is no data set: without types, filters and summaries of its columns. */
export interface Look {
  /** The height of the header. */
  header: number
  /** Draws the cells of a column; undefined for the usual text. */
  cell?: (column: Column, row: Cell[]) => ReactNode | undefined
  /** A word about a row, for its style. */
  mark?: (row: Cell[]) => string | undefined
  /** A click on a row, or Enter. */
  onOpen?: (row: number) => void
}
