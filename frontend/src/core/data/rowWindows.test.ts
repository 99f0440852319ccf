import { describe, expect, it } from 'vitest'
import { KEPT, rangeOfWindows, RowWindows, WINDOW, windowsOf } from './rowWindows'

describe('windowsOf', () => {
  it('names each window once', () => {
    expect([windowsOf(0, 10), windowsOf(190, 210), windowsOf(199, 199), windowsOf(200, 601), windowsOf(5, 4), windowsOf(-20, 5)])
      .toEqual([[0], [0, 1], [0], [1, 2, 3], [], [0]])
  })
})

it('fetches whole windows', () => {
  expect([rangeOfWindows(190, 210), rangeOfWindows(5, 4)]).toEqual([{ first: 0, last: 2 * WINDOW - 1 }, { first: 0, last: -1 }])
})

describe('RowWindows', () => {
  it('finds a row in its window', () => {
    const windows = new RowWindows().with(1, [['a'], ['b']])
    expect(windows.row(WINDOW + 1)).toEqual(['b'])
    expect(windows.row(0)).toBeUndefined()
    expect(windows.row(WINDOW + 2)).toBeUndefined()
  })

  it('lets the oldest go and keeps the rest', () => {
    let windows = new RowWindows()
    for (let window = 0; window <= KEPT; window += 1) windows = windows.with(window, [[window]])
    expect(windows.has(0)).toBe(false)
    expect(windows.has(1)).toBe(true)
    expect(windows.window(KEPT)).toEqual([[KEPT]])
  })

  it('leaves the collection it came from alone', () => {
    const before = new RowWindows()
    before.with(0, [[1]])
    expect(before.has(0)).toBe(false)
  })
})
