import { describe, expect, it } from 'vitest'
import { CHIP_HEIGHT, layOut } from './thumbnail'

const card = (x: number, y: number, width = 80) => ({ x, y, width })

describe('the layout of a thumbnail', () => {
  it('puts cards of about the same height into one row, and rows close together', () => {
    const { chips, height } = layOut([card(0, 0), card(300, 20), card(0, 900), card(0, 140)])
    expect(chips.map(({ y }) => y)).toEqual([0, 0, 54, 27])
    expect(height).toBe(54 + CHIP_HEIGHT)
  })

  it('keeps chips of a row apart, and columns where they are', () => {
    const { chips, left, width } = layOut([card(-390, 0, 120), card(0, 0, 70), card(390, 0, 90), card(0, 140, 70)])
    const [one, two, three, below] = chips.map(({ x }) => x)
    expect((two ?? 0) - (one ?? 0)).toBeGreaterThanOrEqual((120 + 70) / 2)
    expect((three ?? 0) - (two ?? 0)).toBeGreaterThanOrEqual((70 + 90) / 2)
    expect(below).toBe(two)
    expect(left).toBe((one ?? 0) - 60)
    expect(width).toBe((three ?? 0) + 45 - left)
  })

  it('does not become endless for cards that lie on each other', () => {
    expect(layOut([card(0, 0), card(1, 0), card(500, 0)]).width).toBeLessThan(400)
  })

  it('says when titles would be too small', () => {
    const column = (rows: number) => layOut(Array.from({ length: rows }, (_, at) => card(0, at * 140))).readable
    expect([column(9), column(10)]).toEqual([true, false])
  })
})
