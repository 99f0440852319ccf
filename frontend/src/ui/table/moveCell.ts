import type { CellPosition } from './cellPosition'

interface Size {
  rows: number
  columns: number
  page: number
}

/** The next focus of a grid for a key; null for a key that moves nothing. */
export function moveCell({ row, column }: CellPosition, key: string, far: boolean, { rows, columns, page }: Size): CellPosition | null {
  const place = target({ row, column }, key, far, page)
  return place && { row: clamp(place.row, -1, rows - 1), column: clamp(place.column, 0, columns - 1) }
}

function target({ row, column }: CellPosition, key: string, far: boolean, page: number): CellPosition | null {
  switch (key) {
    case 'ArrowUp': return { row: far ? -1 : row - 1, column }
    case 'ArrowDown': return { row: far ? Infinity : row + 1, column }
    case 'ArrowLeft': return { row, column: far ? 0 : column - 1 }
    case 'ArrowRight': return { row, column: far ? Infinity : column + 1 }
    case 'PageUp': return { row: Math.max(0, row - page), column }
    case 'PageDown': return { row: row + page, column }
    case 'Home': return { row: far ? 0 : row, column: 0 }
    case 'End': return { row: far ? Infinity : row, column: Infinity }
    default: return null
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}
