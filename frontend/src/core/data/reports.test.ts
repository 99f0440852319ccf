import { describe, expect, it } from 'vitest'
import { bestRows, confusionAt, type FiguresBlock, figuresOf, nearest, tableOf, type ThresholdModel } from './reports'

describe('figuresOf', () => {
  it('agrees with figures worked out by hand', () => {
    const figures = figuresOf({ tp: 40, fp: 10, tn: 45, fn: 5 })
    expect(figures.accuracy).toBeCloseTo(0.85)
    expect(figures.precision).toBeCloseTo(0.8)
    expect(figures.recall).toBeCloseTo(40 / 45)
    expect(figures.f1).toBeCloseTo(80 / 95)
    expect(figures.specificity).toBeCloseTo(45 / 55)
    expect(figures.false_positive_rate).toBeCloseTo(10 / 55)
  })

  it('has no precision when nothing is called positive', () => {
    const figures = figuresOf({ tp: 0, fp: 0, tn: 90, fn: 10 })
    expect(figures.precision).toBeNull()
    expect(figures.recall).toBe(0)
    expect(figures.accuracy).toBe(0.9)
  })

  it('has nothing to say about no rows', () => {
    expect(Object.values(figuresOf({ tp: 0, fp: 0, tn: 0, fn: 0 })).every((value) => value === null)).toBe(true)
  })
})

describe('confusionAt', () => {
  const model: ThresholdModel = {
    name: 'm', positive: 'yes', negative: 'no', auc: 0.9, thresholds: [0, 0.5, 1], tp: [10, 7, 0], fp: [10, 2, 0], tn: [0, 8, 10], fn: [0, 3, 10],
  }

  it('takes the nearest known threshold', () => {
    expect(confusionAt(model, 0.45)).toEqual({ tp: 7, fp: 2, tn: 8, fn: 3 })
    expect(confusionAt(model, 0.9)).toEqual({ tp: 0, fp: 0, tn: 10, fn: 10 })
  })
})

describe('nearest', () => {
  it('finds places at, between and beyond the values', () => {
    expect([-1, 0, 0.2, 0.3, 0.5, 2].map((target) => nearest([0, 0.5, 1], target))).toEqual([0, 0, 0, 1, 1, 2])
    expect(nearest([], 1)).toBe(0)
  })
})

describe('bestRows', () => {
  const block: FiguresBlock = {
    type: 'figures', title: 'x',
    columns: [{ key: 'r2', title: 'R²', better: 'high' }, { key: 'mae', title: 'MAE', better: 'low' }, { key: 'n', title: 'Rows', better: null }],
    rows: [{ name: 'a', values: { r2: 0.8, mae: 2, n: 5 } }, { name: 'b', values: { r2: 0.9, mae: 2, n: 5 } }],
  }

  it('marks the best by each column and every row that shares it', () => {
    expect([...bestRows(block, 'r2')]).toEqual(['b'])
    expect([...bestRows(block, 'mae')]).toEqual(['a', 'b'])
    expect(bestRows(block, 'n').size).toBe(0)
  })

  it('marks nothing when there is one row', () => {
    expect(bestRows({ ...block, rows: block.rows.slice(0, 1) }, 'r2').size).toBe(0)
  })
})

it('lists further figures with a row for each metric and a column for each model', () => {
  const columns: FiguresBlock['columns'] = [{ key: 'f1', title: 'F1', better: 'high' }, { key: 'mape', title: 'MAPE', better: 'low' }]
  const block: FiguresBlock = { type: 'figures', title: 'Further metrics', columns, rows: [{ name: 'A', values: { f1: 0.5, mape: null } }, { name: 'B', values: { f1: 0.6 } }] }
  expect(tableOf(block)).toEqual({ type: 'table', title: 'Further metrics', columns: ['Metric', 'A', 'B'], rows: [['F1', 0.5, 0.6], ['MAPE', null, null]] })
})
