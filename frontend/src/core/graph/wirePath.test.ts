import { expect, it } from 'vitest'
import { alongWire, wirePath } from './wirePath'
import { hiding } from './wiresBehind'

it('bends by half the height, and by 28 at least', () => {
  expect(wirePath([0, 0], [100, 200])).toEqual({ path: 'M0 0C0 100 100 100 100 200', middle: [50, 100] })
  expect(wirePath([0, 0], [100, 20]).path).toBe('M0 0C0 28 100 -8 100 20')
})

it('samples points on the Bézier curve', () => {
  expect(alongWire([0, 0], [100, 200], 1)).toEqual([[50, 100]])
  const [first, , last] = alongWire([0, 0], [0, 80], 3)
  expect(first?.[1]).toBe(23.75)
  expect(last?.[1]).toBe(56.25)
})

it('finds each card that a wire passes behind once, and none of its own', () => {
  const boxes = new Map([['a', { x: 0, y: 0, height: 44 }], ['b', { x: 0, y: 100, height: 44 }], ['c', { x: 0, y: 200, height: 44 }], ['aside', { x: 300, y: 100, height: 44 }]])
  const line = (from: string, to: string, y1: number, y2: number) => ({ from: [120, y1] as [number, number], to: [120, y2] as [number, number], cards: [from, to] as [string, string] })
  expect(hiding(boxes, [line('a', 'b', 44, 100)])).toEqual([])
  expect(hiding(boxes, [line('a', 'c', 44, 200)])).toEqual(['b'])
})
