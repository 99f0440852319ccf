/** A cell by its place; row -1 is the header. */
export interface Place {
  row: number
  column: number
}
