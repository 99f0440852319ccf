import { expect, it } from 'vitest'
import { evaluationOf, type Evaluation } from './evaluation'
import { findingOf } from './finding'
import type { Block, FiguresBlock } from './reports'

const of = (...blocks: Block[]) => evaluationOf({ title: '', metrics: [], blocks }) as Evaluation
const NUMBERS: FiguresBlock = {
  type: 'figures', title: 'Figures', columns: [{ key: 'mean_absolute_error', title: 'Mean absolute error', better: 'low' }, { key: 'r2', title: 'R²', better: 'high' }],
  rows: [
    { name: 'Line', values: { mean_absolute_error: 1833.8, r2: 0.9 }, intervals: { mean_absolute_error: [1700, 1900] } },
    { name: 'Trees', values: { mean_absolute_error: 1675.7, r2: 0.92 }, intervals: { mean_absolute_error: [1500, 1750] } },
  ],
}

it('says how well numbers are predicted, and which model is better', () => {
  expect(findingOf(of(NUMBERS), 'Trees', 0.5)).toBe('Trees explains 92.0\u00a0% of the variance, with a mean absolute error of 1,675.7. It is better than Line in 2 of 2 metrics; their confidence intervals of mean absolute error overlap.')
  expect(findingOf(of(NUMBERS), 'Line', 0.5)).toContain('better than Trees in 0 of 2 metrics')
})

it('says so where the intervals do not overlap, and where a model is no better than the mean', () => {
  const [line, trees] = NUMBERS.rows
  const apart = { ...NUMBERS, rows: [{ ...line, name: 'Line', values: { mean_absolute_error: 3000, r2: -0.1 }, intervals: { mean_absolute_error: [2900, 3100] as [number, number] } }, ...(trees ? [trees] : [])] }
  expect(findingOf(of(apart), 'Trees', 0.5)).toContain('do not overlap')
  expect(findingOf(of(apart), 'Line', 0.5)).toContain('The mean absolute error of Line is 3,000, no better than always predicting the mean')
})

it('follows the threshold, and says nothing of figures that it does not know', () => {
  const threshold: Block = { type: 'threshold', title: '', models: [{ name: 'Trees', positive: 'yes', negative: 'no', auc: null, thresholds: [0, 0.5, 1], tp: [25, 20, 0], fp: [75, 5, 0], tn: [0, 70, 75], fn: [0, 5, 25] }] }
  const one = { ...NUMBERS, columns: [], rows: [{ name: 'Trees', values: {} }] }
  expect(findingOf(of(one, threshold), 'Trees', 0.5)).toBe('At a threshold of 0.50, it finds 80.0\u00a0% of yes, and 80.0\u00a0% of its yes predictions are correct.')
  expect(findingOf(of(one, threshold), 'Trees', 1)).toBe('')
  expect(findingOf(of(one), 'Trees', 0.5)).toBe('')
  expect(findingOf(of({ ...one, rows: [...one.rows, { name: 'Line', values: {} }] }, threshold), 'Trees', 0.5)).toMatch(/^At a threshold of 0.50, Trees finds/)
})
