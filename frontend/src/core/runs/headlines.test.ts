import { expect, it } from 'vitest'
import { headlineOf, trendChart, trendOf, valueIn, type Headline } from './headlines'
import type { Run, RunBrief } from './runs'

const auc = (value: number, rest: Partial<Headline> = {}): Headline => ({ node: 'evaluate', port: 'report', title: 'AUC', value, better: 'high', ...rest })
const runs = (...headlines: (Headline | null)[]) => headlines.map((headline) => ({ headline }) as RunBrief)

it('finds the best value, the change since the previous run, and the values oldest first', () => {
  const trend = trendOf(runs(auc(0.9), auc(0.95), auc(0.8)), 10)
  expect(trend).toMatchObject({ best: 0.95, values: [0.8, 0.95, 0.9] })
  expect(trend?.change).toBeCloseTo(-0.05)
})

it('takes the least where lower is better, and the newest where neither is', () => {
  const low = { title: 'RMSE', better: 'low' } as const
  expect(trendOf(runs(auc(5, low), auc(3, low)), 10)?.best).toBe(3)
  const neither = { title: 'rows', better: null }
  expect(trendOf(runs(auc(5, neither), auc(9, neither)), 10)?.best).toBe(5)
})

it('compares only the same metric of the same report, and no more runs than asked', () => {
  const trend = trendOf(runs(null, auc(0.9), auc(0.1, { title: 'MCC' }), auc(0.2, { node: 'other' }), auc(0.7), auc(0.6)), 2)
  expect(trend).toMatchObject({ best: 0.9, values: [0.7, 0.9] })
})

it('has no change with one run, and is null without any', () => {
  expect(trendOf(runs(auc(0.9)), 10)).toMatchObject({ change: null, values: [0.9] })
  expect(trendOf(runs(null, null), 10)).toBeNull()
})

it('gives the value of a run only when it is comparable', () => {
  const [one, other, none] = runs(auc(0.9), auc(0.3, { title: 'MCC' }), null)
  expect([one, other, none].map((run) => valueIn(run!, auc(0.5)))).toEqual([0.9, null, null])
})

it('takes the metric of a followed run from the last report of its flow', () => {
  const step = (value: number | null) => ({ outputs: { report: { headline: value === null ? null : { title: 'AUC', value, better: 'high' } } } })
  const nodes = { last: { position: [0, 200] }, first: { position: [0, 0] }, rows: { position: [0, 300] } }
  const run = { graph: { nodes, edges: [] }, steps: { last: step(0.9), first: step(0.8), rows: step(null) } } as unknown as Run
  expect(headlineOf(run)).toMatchObject({ node: 'last', port: 'report', value: 0.9 })
  expect(headlineOf({ ...run, steps: {} })).toBeNull()
})

it('draws the metric over all runs, oldest first, and names those that are compared', () => {
  const all = runs(auc(0.9), null, auc(0.8), auc(0.7)).map((run, at) => ({ ...run, id: String(at) }))
  const data = trendChart(all, [{ id: '0', name: 'Newest' }])?.spec.data
  expect(data).toEqual({ values: [{ id: '3', value: 0.7, name: null, run: 1 }, { id: '2', value: 0.8, name: null, run: 2 }, { id: '0', value: 0.9, name: 'Newest', run: 3 }] })
  expect(trendChart(all.slice(0, 3), [])).toBeNull()
})
