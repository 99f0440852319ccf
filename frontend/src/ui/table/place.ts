/** A cell by its position; row -1 is the header. */
export interface Place {
  row: number
  column: number
}
