import { describe, expect, it } from 'vitest'
import { moveCell } from './moveCell'

const SIZE = { rows: 100, columns: 5, page: 10 }

describe('moved', () => {
  it('goes one cell by arrows and stays in the table', () => {
    expect(moveCell({ row: 3, column: 2 }, 'ArrowDown', false, SIZE)).toEqual({ row: 4, column: 2 })
    expect(moveCell({ row: 99, column: 4 }, 'ArrowRight', false, SIZE)).toEqual({ row: 99, column: 4 })
    expect(moveCell({ row: 0, column: 0 }, 'ArrowUp', false, SIZE)).toEqual({ row: -1, column: 0 })
    expect(moveCell({ row: -1, column: 0 }, 'ArrowUp', false, SIZE)).toEqual({ row: -1, column: 0 })
  })

  it('goes far with the control key, and by pages', () => {
    expect(moveCell({ row: 3, column: 2 }, 'End', true, SIZE)).toEqual({ row: 99, column: 4 })
    expect(moveCell({ row: 3, column: 2 }, 'ArrowDown', true, SIZE)).toEqual({ row: 99, column: 2 })
    expect(moveCell({ row: 3, column: 2 }, 'PageDown', false, SIZE)).toEqual({ row: 13, column: 2 })
    expect(moveCell({ row: 3, column: 2 }, 'PageUp', false, SIZE)).toEqual({ row: 0, column: 2 })
  })

  it('leaves other keys alone', () => {
    expect(moveCell({ row: 3, column: 2 }, 'x', false, SIZE)).toBeNull()
  })
})
