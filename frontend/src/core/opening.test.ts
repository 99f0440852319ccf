import { expect, it } from 'vitest'
import type { GraphNode } from './graph'
import { openingView } from './opening'

const at = (x: number, y: number): GraphNode => ({ module: 'data.dataset', params: {}, position: [x, y] })
const screen = { width: 800, height: 600 }

it('shows a small pipeline whole, in the middle, at its own size', () => {
  expect(openingView([at(0, 0)], screen)).toEqual({ x: 290, y: 267, zoom: 1 })
})

it('makes a larger one smaller, as long as it can be read', () => {
  const { zoom, y } = openingView([at(0, 0), at(0, 560)], screen)
  expect(zoom).toBeCloseTo(504 / 626)
  expect(y).toBeGreaterThan(40)
})

it('starts a long one at its top', () => {
  const { x, y, zoom } = openingView([at(0, 100), at(0, 5000)], screen)
  expect(zoom).toBe(0.7)
  expect(y + 100 * zoom).toBeCloseTo(48)
  expect(x + 110 * zoom).toBeCloseTo(400)
})

it('starts a wide one at its first card', () => {
  const { x, zoom } = openingView([at(-4000, 500), at(300, 0), at(4000, 500)], screen)
  expect(x + (300 + 110) * zoom).toBeCloseTo(400)
})

it('has a place to start for an empty one', () => {
  expect(openingView([], screen).zoom).toBe(1)
})
