import { describe, expect, it } from 'vitest'
import { bestBy, countRuns, readNumbers, sorted, sweepChart, type SweepRun } from './sweeps'

const NUMBER = { type: 'number', min: 0, max: 10 } as const
const run = (id: string, share: number, mae?: number, kind = 'a'): SweepRun => ({
  run: id, state: 'done', values: { share, kind }, started_at: null, finished_at: null, steps: 3, ended: 3, reused: 0, error: null, figures: mae === undefined ? {} : { MAE: mae },
})
const MAE = { title: 'MAE', better: 'low' } as const
const RUNS = [run('one', 0.5, 3), run('two', 0.7, 1), run('three', 0.9), run('four', 0.6, 2, 'b')]

describe('numbers of a sweep', () => {
  it.each([
    ['0.5, 0.7,0.9', [0.5, 0.7, 0.9]], ['1..4', [1, 2, 3, 4]], ['0.5..0.9 step 0.1', [0.5, 0.6, 0.7, 0.8, 0.9]], ['1, 3..5', [1, 3, 4, 5]], ['2', [2]], ['1e0', [1]],
  ])('reads %s', (text, values) => expect(readNumbers(text, NUMBER)).toEqual(values))
  it.each([
    ['', 'at least one'], ['a', 'Enter numbers'], ['1, 1', 'twice'], ['5..1', 'from the smaller'], ['1..2 step 0', 'above 0'], ['0..10 step 0.01', '1001 values'], ['-1', 'least'], ['11', 'most'],
  ])('refuses “%s”', (text, words) => expect(readNumbers(text, NUMBER)).toContain(words))
  it('wants whole numbers where the parameter does', () => expect(readNumbers('1, 1.5', { type: 'integer' })).toContain('whole'))
})

it('counts every combination', () => expect(countRuns({ a: [1, 2, 3], b: ['x', 'y'], c: [0] })).toBe(6))

describe('the table', () => {
  const ids = (runs: SweepRun[]) => runs.map(({ run: id }) => id)
  it('keeps runs without a figure last', () => {
    expect(ids(sorted(RUNS, { of: { figure: 'MAE' }, descending: false }))).toEqual(['two', 'four', 'one', 'three'])
    expect(ids(sorted(RUNS, { of: { figure: 'MAE' }, descending: true }))).toEqual(['one', 'four', 'two', 'three'])
  })
  it('sorts by values and by the order asked for', () => {
    expect(ids(sorted(RUNS, { of: { parameter: 'share' }, descending: true }))).toEqual(['three', 'two', 'four', 'one'])
    expect(ids(sorted(RUNS, { of: null, descending: false }))).toEqual(ids(RUNS))
  })
  it('marks the best, unless none is better', () => {
    expect(bestBy(RUNS, MAE)).toBe('two')
    expect(bestBy([run('one', 0.5, 1), run('two', 0.7, 1)], MAE)).toBeNull()
    expect(bestBy(RUNS, { title: 'MAE', better: null })).toBeNull()
  })
  it('draws a line for each combination of the other parameters', () => {
    const chart = sweepChart(RUNS, ['share', 'kind'], MAE)
    expect(chart?.spec.data.values.map(({ x, group }) => [x, group])).toEqual([[0.5, 'kind = a'], [0.7, 'kind = a'], [0.6, 'kind = b']])
    expect(sweepChart(RUNS, ['kind'], MAE)?.spec.mark.type).toBe('point')
    expect(sweepChart([run('one', 1, 2)], ['share'], MAE)).toBeNull()
  })
})
