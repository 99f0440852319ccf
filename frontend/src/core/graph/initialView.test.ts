import { expect, it } from 'vitest'
import { fixtureCatalogue as catalogue } from '../catalogue/catalogue.fixture'
import type { GraphNode } from './graph'
import { extentOf, initialView, showsAll, restoredView } from './initialView'

const at = (x: number, y: number): GraphNode => ({ module: 'data.dataset', params: {}, position: [x, y] })
const screen = { width: 800, height: 600 }

it('knows whether all cards are in view', () => {
  const extent = extentOf([at(0, 0), at(400, 300)], catalogue)
  expect(extent).toEqual({ left: 0, right: 640, top: 0, bottom: 344 })
  expect(showsAll({ x: 0, y: 0, zoom: 1 }, extent, screen)).toBe(true)
  expect(showsAll({ x: -1, y: 0, zoom: 1 }, extent, screen)).toBe(false)
  expect(showsAll({ x: 0, y: 0, zoom: 1.3 }, extent, screen)).toBe(false)
})

it('shows a small pipeline whole, in the middle, at its own size', () => {
  expect(initialView([at(0, 0)], catalogue, screen)).toEqual({ x: 280, y: 278, zoom: 1 })
})

it('makes a larger one smaller, as long as it can be read', () => {
  const { zoom, y } = initialView([at(0, 0), at(0, 560)], catalogue, screen)
  expect(zoom).toBeCloseTo(504 / 604)
  expect(y).toBeGreaterThan(40)
})

it('starts a long one at its top', () => {
  const long = Array.from({ length: 40 }, (_, row) => at(0, 100 + 130 * row))
  const { x, y, zoom } = initialView(long, catalogue, screen)
  expect(zoom).toBe(0.7)
  expect(y + 100 * zoom).toBeCloseTo(48)
  expect(x + 120 * zoom).toBeCloseTo(400)
})

it('starts a wide one at its first card', () => {
  const { x, zoom } = initialView([at(-4000, 500), at(300, 0), at(4000, 500)], catalogue, screen)
  expect(zoom).toBe(0.7)
  expect(x + (300 + 120) * zoom).toBeCloseTo(400)
})

it('shows no empty space beside the first card of a wide one', () => {
  const row = Array.from({ length: 20 }, (_, at_) => at(300 * at_, at_ === 0 ? 0 : 100))
  expect(initialView(row, catalogue, screen).x).toBeCloseTo(48)
  const { x, zoom } = initialView(row.map(({ position: [left, top] }) => at(-left, top)), catalogue, screen)
  expect(x + 240 * zoom).toBeCloseTo(800 - 48)
})

it('has a place to start for an empty one', () => {
  expect(initialView([], catalogue, screen).zoom).toBe(1)
})

it('shows all cards of a small pipeline in a small window', () => {
  const eight = Array.from({ length: 8 }, (_, row) => at(0, 130 * row))
  const { y, zoom } = initialView(eight, catalogue, { width: 720, height: 560 })
  expect(y).toBeGreaterThanOrEqual(0)
  expect(y + (7 * 130 + 44) * zoom).toBeLessThanOrEqual(560)
})

it('comes back to where one left it, in a window alike', () => {
  const kept = { x: 5, y: 6, zoom: 0.9, width: 800, height: 600 }
  expect(restoredView(kept, [at(0, 0)], catalogue, { width: 790, height: 610 })).toEqual({ x: 5, y: 6, zoom: 0.9 })
  expect(restoredView(kept, [at(0, 0)], catalogue, { width: 390, height: 600 })).toEqual(initialView([at(0, 0)], catalogue, { width: 390, height: 600 }))
  expect(restoredView({ ...kept, x: -4000 }, [at(0, 0)], catalogue, screen)).toEqual(initialView([at(0, 0)], catalogue, screen))
  expect(restoredView({ x: 5, y: 6, zoom: 1 }, [at(0, 0)], catalogue, screen)).toEqual(initialView([at(0, 0)], catalogue, screen))
})
