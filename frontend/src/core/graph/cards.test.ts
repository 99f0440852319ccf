import { expect, it } from 'vitest'
import { cardWire, placed, startOf } from './cards'
import type { Point } from './graph'

const card = { width: 220, height: 76 }
/** Four columns of cards, 292 apart. */
const places: Record<string, Point> = { a: [16, 16], b: [308, 16], c: [600, 16], d: [892, 116] }

it('starts at the beginning where everything fits, or where the wanted card is in view there', () => {
  expect(startOf('d', { places }, card, { width: 1200, height: 400 })).toEqual([0, 0])
  expect(startOf('b', { places }, card, { width: 600, height: 400 })).toEqual([0, 0])
  expect(startOf(undefined, { places }, card, { width: 100, height: 100 })).toEqual([0, 0])
})

it('shows the wanted card whole and cuts no card at the left', () => {
  expect(startOf('c', { places }, card, { width: 800, height: 400 })).toEqual([292, 0])
  expect(startOf('d', { places }, card, { width: 300, height: 150 })).toEqual([876, 100])
})

it('draws wires with the flow', () => {
  expect(cardWire([0, 0], [292, 0], card, 'RIGHT')).toBe('M220 38C256 38 256 38 292 38')
  expect(cardWire([0, 0], [0, 120], card, 'DOWN')).toContain('M110 76')
})

it('takes the places of elk', async () => {
  const elk = { layout: (graph: { children?: { id: string }[] }) => Promise.resolve({ id: 'root', width: 500, height: 100, children: graph.children?.map(({ id }, at) => ({ id, x: at * 10, y: 5 })) }) }
  expect(await placed(['a', 'b'], [['a', 'b']], card, 'DOWN', elk as never)).toEqual({ places: { a: [0, 5], b: [10, 5] }, width: 500, height: 100 })
})
