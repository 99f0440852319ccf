import { describe, expect, it } from 'vitest'
import { bestF1, bestModel, evaluationOf, hasMoreThanTiles, measuredOn, pointsAt, rivalOf, scoreBins, tilesOf, wilson, type Evaluation } from './evaluation'
import { inSeries, scoresSpec, withCurrent } from './evaluationCharts'
import type { FiguresBlock, Report, ThresholdModel } from './reports'

const FIGURES: FiguresBlock = {
  type: 'figures', title: 'Figures', columns: [{ key: 'auc', title: 'AUC', better: 'high' }, { key: 'log_loss', title: 'Log loss', better: 'low' }],
  rows: [
    { name: 'Line', values: { auc: 0.8, log_loss: 0.4 }, rows: 1000, intervals: { auc: [0.75, 0.85] } },
    { name: 'Trees', values: { auc: 0.9, log_loss: 0.3 }, rows: 1000, intervals: { auc: [0.86, 0.94] } },
  ],
}
const model = (name: string, tp: number[], fp: number[]): ThresholdModel => ({
  name, positive: 'yes', negative: 'no', auc: 0.9, weighed: false, thresholds: [0, 0.5, 1], tp, fp, tn: fp.map((value) => 75 - value), fn: tp.map((value) => 25 - value),
})
const MODELS = [model('Line', [25, 10, 0], [75, 20, 0]), model('Trees', [25, 20, 1], [75, 5, 2])]
const REPORT: Report = { title: 'Evaluation', metrics: [], blocks: [FIGURES, { type: 'threshold', title: 'At a threshold', models: MODELS }] }
const two = evaluationOf(REPORT) as Evaluation
const numbers = evaluationOf({ ...REPORT, blocks: [FIGURES] }) as Evaluation
const tile = (of: Evaluation, key: string, threshold = 0.5) => tilesOf(of, 'Trees', threshold).find((one) => one.key === key)

describe('the model shown', () => {
  it('is the best at first, and is compared with the best of the others', () => {
    expect([bestModel(two), rivalOf(two, 'Trees'), rivalOf(two, 'Line')]).toEqual(['Trees', 'Line', 'Trees'])
    expect(rivalOf({ ...two, figures: { ...FIGURES, rows: FIGURES.rows.slice(0, 1) } }, 'Line')).toBeNull()
  })

  it('is of no report without figures', () => {
    expect(evaluationOf({ ...REPORT, blocks: [] })).toBeNull()
  })
})

describe('tiles', () => {
  it('are all figures of a report without a threshold', () => {
    expect(tilesOf(numbers, 'Trees', 0.5).map(({ key, value, interval, higherIsBetter }) => [key, value, interval, higherIsBetter])).toEqual([
      ['auc', 0.9, [0.86, 0.94], true], ['log_loss', 0.3, null, false]])
    expect(tile(numbers, 'log_loss')?.by).toBeCloseTo(-0.1)
    expect([hasMoreThanTiles(numbers), hasMoreThanTiles({ ...numbers, names: ['Trees'] }), hasMoreThanTiles(two)]).toEqual([true, false, true])
  })

  it('follow the threshold, with the interval of each share', () => {
    expect(tilesOf(two, 'Trees', 0.5).map(({ key }) => key)).toEqual(['auc', 'accuracy', 'precision', 'recall', 'f1', 'false_positive_rate'])
    expect(tile(two, 'recall')).toMatchObject({ value: 0.8, interval: wilson(20, 25) })
    expect(tile(two, 'recall')?.by).toBeCloseTo(0.4)
    expect(tile(two, 'recall', 1)?.value).toBe(0.04)
    expect(tile(two, 'f1')?.interval).toBeNull()
    expect(tile(two, 'false_positive_rate')?.higherIsBetter).toBe(false)
  })

  it('have no interval where rows are weighed, or where the report does not say', () => {
    for (const weighed of [true, undefined]) {
      const models = MODELS.map((one) => ({ ...one, weighed }))
      expect(tile({ ...two, threshold: { type: 'threshold', title: '', models } }, 'recall')).toMatchObject({ value: 0.8, interval: null })
    }
  })

  it('agrees with the interval of Wilson on the server', () => {
    const [low, high] = wilson(9, 10) ?? []
    expect(low).toBeCloseTo(0.59585, 5)
    expect(high).toBeCloseTo(0.982124, 5)
    expect(wilson(0, 0)).toBeNull()
  })
})

describe('what it was measured on', () => {
  it('says rows, share of positives, intervals and what changes are against', () => {
    expect(measuredOn(two, 'Trees')).toEqual(['1,000 rows', '25.0\u00a0% are yes', '95\u00a0% confidence intervals', 'changes against Line'])
  })

  it('says what is known of a report of an earlier version', () => {
    const old = FIGURES.rows.slice(0, 1).map(({ name, values }) => ({ name, values }))
    const known = evaluationOf({ ...REPORT, blocks: [{ ...FIGURES, rows: old }, { type: 'threshold', title: '', models: MODELS.slice(0, 1).map((one) => ({ ...one, weighed: undefined })) }] }) as Evaluation
    expect(measuredOn(known, 'Line')).toEqual(['100 rows', '25.0\u00a0% are yes'])
    expect(measuredOn({ ...known, figures: { ...known.figures, title: "Figures (positive class 'yes', rows weighed)" } }, 'Line')).toEqual(['25.0\u00a0% are yes'])
  })
})

describe('the threshold', () => {
  it('is best where F1 is highest', () => {
    expect(bestF1({ ...(MODELS[1] as ThresholdModel), thresholds: [0, 0.41, 1] })).toBe(0.21)
  })

  it('is a point of each model on a curve, with its value at the one shown', () => {
    const found = pointsAt({ type: 'threshold', title: '', models: MODELS }, 'roc', 0.5, 'Trees')
    expect(found.map(({ model: name, x, y, words }) => [name, x.toFixed(3), y, words])).toEqual([['Line', '0.267', 0.4, ''], ['Trees', '0.067', 0.8, '0.50']])
    expect(pointsAt({ type: 'threshold', title: '', models: MODELS }, 'lift', 0.5, 'Trees')).toEqual([])
  })

  it('divides the scores, which the counts at all thresholds hold', () => {
    expect(scoreBins(MODELS[1] as ThresholdModel)).toEqual([
      { from: 0, to: 0.5, actual: 'yes', rows: 5 }, { from: 0, to: 0.5, actual: 'no', rows: 70 },
      { from: 0.5, to: 1, actual: 'yes', rows: 20 }, { from: 0.5, to: 1, actual: 'no', rows: 5 }])
    const bars = (scoresSpec(MODELS[1] as ThresholdModel).layer as { data: { values?: { rows: number }[] } }[])[0]?.data.values ?? []
    expect(bars.reduce((sum, { rows }) => sum + rows, 0)).toBe(100)
  })
})

describe('charts of models', () => {
  const spec = { layer: [{ mark: 'line' }, { mark: 'line', encoding: { color: { field: 'model', type: 'nominal', title: 'Model' } } }] }
  const colorOf = (found: Record<string, unknown>) => (found.layer as { encoding?: { color?: unknown } }[])[1]?.encoding?.color

  it('colour the models in one order, and name one model nowhere', () => {
    expect(colorOf(inSeries(spec, ['b', 'a']))).toEqual({ field: 'model', type: 'nominal', title: null, scale: { domain: ['b', 'a'] } })
    expect(colorOf(inSeries(spec, ['a']))).toMatchObject({ legend: null })
    expect(inSeries({ mark: 'bar', encoding: { color: { field: 'x' } } }, ['a'])).toEqual({ mark: 'bar', encoding: { color: { field: 'x' } } })
  })

  it('get the current threshold on top', () => {
    expect((withCurrent(spec, ['a']).layer as unknown[]).slice(0, 2)).toEqual(spec.layer)
    expect(withCurrent(spec, ['a']).layer).toHaveLength(4)
    expect(withCurrent({ mark: 'line' }, ['a'])).toEqual({ mark: 'line' })
  })
})
