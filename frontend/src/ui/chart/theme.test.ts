import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { expect, it } from 'vitest'
import { scoresSpec, withCurrent } from '../../core/data/evaluationCharts'
import { withSecondMark } from './secondMark'
import { isSingle, sizeIn } from './size'
import { chartConfig, type Palette } from './theme'

const NAMES = ['surface', 'text', 'soft', 'faint', 'line', 'strong', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth']
const PALETTE = { ...Object.fromEntries(NAMES.map((name, at) => [name, `rgb(${at}, 0, 0)`])), font: 'sans' } as Palette

async function drawn(spec: Record<string, unknown>, live: Record<string, unknown[]> = {}): Promise<string> {
  const compiled = compile({ width: 200, height: 200, ...withSecondMark(spec) } as unknown as TopLevelSpec, { config: chartConfig(PALETTE) })
  const view = new View(parse(compiled.spec), { renderer: 'none' })
  Object.entries(live).forEach(([name, values]) => view.data(name, values))
  return view.toSVG()
}

const axes = { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } }
const points = (model: string) => [0, 1].map((x) => ({ model, x, y: x }))
const curves = { mark: { type: 'line', tooltip: true, point: false }, data: { values: [...points('A'), ...points('B')] }, encoding: { color: { field: 'model', type: 'nominal', title: 'Model' } } }
const guide = { mark: { type: 'line', style: 'guide', strokeWidth: 1 }, data: { values: points('') }, encoding: {} }
const name = { mark: { type: 'text', style: 'guide-name' }, data: { values: [{ x: 0.5, y: 0.5, name: 'chance' }] }, encoding: { text: { field: 'name', type: 'nominal' } } }

it('draws series in their colours and dashes, and what they are compared with as a named, thin, dashed line', async () => {
  const svg = await drawn({ layer: [guide, name, curves], encoding: axes })
  expect(svg).toMatch(/stroke="rgb\(2, 0, 0\)" stroke-width="1" stroke-linecap="butt" stroke-linejoin="round" stroke-dasharray="3,3"/)
  expect(svg).toContain('>chance<')
  expect(svg).toMatch(/stroke="rgb\(7, 0, 0\)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" stroke-dasharray="6,3"/)
  expect(svg).toMatch(/stroke="rgb\(6, 0, 0\)" stroke-width="2"/)
})

it('draws the current threshold from data that comes later', async () => {
  const spec = withCurrent({ layer: [guide, curves], encoding: axes }, ['A', 'B'])
  const svg = await drawn(spec, { at: [{ model: 'B', x: 0.25, y: 0.75, words: '0.50' }] })
  expect(svg).toContain('>0.50<')
  expect(await drawn(spec)).not.toContain('>0.50<')
})

it('draws a stored report of an earlier version, which names a colour of its own', async () => {
  const old = { mark: { type: 'line', strokeDash: [4, 4], color: '#8a8f98' }, data: { values: points('') }, encoding: {} }
  const svg = await drawn({ layer: [old, curves], encoding: axes })
  expect(svg).toContain('stroke="#8a8f98"')
})

it('draws bars over given bins as wide as the bins', async () => {
  const model = { name: 'A', positive: 'yes', negative: 'no', auc: null, thresholds: [0, 0.5, 1], tp: [3, 2, 0], fp: [4, 1, 0], tn: [0, 3, 4], fn: [0, 1, 3] }
  const svg = await drawn(scoresSpec(model), { at: [{ threshold: 0.5 }] })
  expect(svg.match(/d="M\d+,\d+h99v/g)).toHaveLength(4)
  expect([...svg.matchAll(/>([\d.]+)<\/text>/g)].map(([, text]) => text)).toContain('0.25')
})

it('takes the place that its shape asks for', () => {
  const box = { clientWidth: 700, clientHeight: 210 }
  expect([sizeIn(box, 'wide'), sizeIn(box, 'fill'), sizeIn(box, 'square'), sizeIn({ ...box, clientWidth: 300 }, 'square')])
    .toEqual([{ width: 700 }, { width: 700, height: 210 }, { width: 440, height: 440 }, { width: 300, height: 300 }])
})

it('knows charts of several views, which keep their given size', () => {
  expect(isSingle(curves)).toBe(true)
  expect(isSingle({ facet: { field: 'model' }, spec: curves })).toBe(false)
  expect(isSingle({ ...curves, encoding: { row: { field: 'model' } } })).toBe(false)
})

it('writes shares as texts do, with a no-break space', async () => {
  const share = { field: 'y', type: 'quantitative', axis: { format: '.0%' } }
  expect(await drawn({ ...curves, encoding: { ...curves.encoding, x: axes.x, y: share } })).toContain('>40\u00a0%<')
})
