/** A cell by its position; row -1 is the header. */
export interface CellPosition {
  row: number
  column: number
}
