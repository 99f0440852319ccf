import { expect, it } from 'vitest'
import { withSecondMark } from './secondMark'

const color = { field: 'model', type: 'nominal', title: 'Model', scale: { domain: ['b', 'a'] } }

it('adds dashes to lines and shapes to points, under one legend with the colours', () => {
  const found = withSecondMark({ layer: [{ mark: { type: 'line' }, encoding: { color } }, { mark: 'point' }], encoding: { color } })
  const [line, point] = found.layer as { encoding: Record<string, { title: string; scale: { domain: string[]; range: unknown[] } }> }[]
  expect(line?.encoding.strokeDash).toMatchObject({ field: 'model', title: 'Model', scale: { domain: ['b', 'a'] } })
  expect(line?.encoding.strokeDash?.scale.range.slice(0, 2)).toEqual([[1, 0], [6, 3]])
  expect(point?.encoding.shape?.scale.range[0]).toBe('circle')
})

it('leaves alone what is told apart already, and what names nothing', () => {
  const own = { mark: 'line', encoding: { color, strokeDash: { field: 'x', type: 'nominal' } } }
  const amounts = { mark: 'point', encoding: { color: { field: 'n', type: 'quantitative' } } }
  const bars = { mark: 'bar', encoding: { color } }
  const guide = { mark: { type: 'line', style: 'guide' }, encoding: {} }
  expect([own, amounts, bars, guide].map((spec) => withSecondMark(spec))).toEqual([own, amounts, bars, guide])
})
