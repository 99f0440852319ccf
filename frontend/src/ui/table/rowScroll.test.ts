import { describe, expect, it } from 'vitest'
import { rowLayout, topToShow, visibleRows } from './rowScroll'

describe('rowLayout', () => {
  it('draws a table at its size while it can', () => {
    expect(rowLayout(205, 28, 400)).toEqual({ height: 205 * 28, ratio: 1 })
  })

  it('reaches the very last row of a table too tall to draw', () => {
    const { height, ratio } = rowLayout(1_000_000, 28, 400)
    expect(height).toBeLessThan(17_000_000)
    expect((height - 400) * ratio).toBeCloseTo(28_000_000 - 400)
  })
})

describe('visibleRows', () => {
  it('is the viewport and a little more', () => {
    expect(visibleRows(2800, 280, 1000, 28, 2)).toEqual({ first: 98, last: 112 })
  })

  it('stays inside the table', () => {
    expect(visibleRows(0, 280, 5, 28, 2)).toEqual({ first: 0, last: 4 })
    expect(visibleRows(0, 280, 0, 28, 2)).toEqual({ first: 0, last: -1 })
  })
})

describe('topToShow', () => {
  it('moves no more than it must', () => {
    expect([topToShow(0, 100, 280, 28), topToShow(5, 100, 280, 28), topToShow(20, 100, 280, 28)]).toEqual([0, 100, 308])
  })
})
