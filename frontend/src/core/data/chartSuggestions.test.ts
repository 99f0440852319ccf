import { describe, expect, it } from 'vitest'
import { chartOf, correlations, sampleOffsets } from './chartSuggestions'
import type { Column, RowsPage } from './tables'

const column = (name: string, kind: Column['kind']): Column => ({ name, kind, dtype: kind, role: 'feature', categorical: false })
const [A, B, C] = [column('a.x', 'number'), column('b', 'number'), column('c', 'text')]
const PAGE: RowsPage = { total: 4, offset: 0, columns: [A, B, C], rows: [[1, 2, 'u'], [2, 4, 'v'], [3, 6, 'u'], [4, null, 'v']] }

const markOf = (spec: Record<string, unknown>) => (spec.mark as { type: string }).type

describe('chartOf', () => {
  it('chooses a chart by the kinds of columns', () => {
    expect([chartOf({ x: A, y: null, color: null }, PAGE), chartOf({ x: C, y: null, color: null }, PAGE), chartOf({ x: A, y: B, color: C }, PAGE),
      chartOf({ x: C, y: A, color: null }, PAGE), chartOf({ x: C, y: C, color: null }, PAGE)].map(({ spec }) => markOf(spec)))
      .toEqual(['bar', 'bar', 'point', 'boxplot', 'rect'])
  })

  it('gives each of a few whole numbers a bar, and bins the others', () => {
    const of = (values: RowsPage['rows'][number]) => chartOf({ x: A, y: null, color: null }, { ...PAGE, columns: [A], rows: values.map((value) => [value]) }).spec.encoding as { x: Record<string, unknown> }
    expect(of([0, 1, null, 1]).x).toMatchObject({ type: 'ordinal' })
    expect(of([0, 0.5, 1]).x).toMatchObject({ type: 'quantitative', bin: { maxbins: 30 } })
    expect(of(Array.from({ length: 13 }, (_, at) => at)).x).toMatchObject({ bin: { maxbins: 30 } })
  })

  it('numbers its fields, so that any column name is safe', () => {
    const { spec } = chartOf({ x: A, y: B, color: null }, PAGE)
    expect(spec.data).toEqual({ values: [{ c0: 1, c1: 2 }, { c0: 2, c1: 4 }, { c0: 3, c1: 6 }, { c0: 4, c1: null }] })
    expect((spec.encoding as { x: { title: string } }).x.title).toBe('a.x')
  })
})

describe('correlations', () => {
  it('agrees with pairs that go together, leaving out what is missing', () => {
    const pairs = correlations(PAGE)
    expect(pairs).toHaveLength(4)
    expect(pairs.every(({ r }) => Math.abs(r - 1) < 1e-12)).toBe(true)
  })

  it('agrees with a figure worked out by hand', () => {
    const rows = [[1, 1], [2, 3], [3, 2]]
    expect(correlations({ ...PAGE, columns: [A, B], rows }).find(({ one, two }) => one === 'a.x' && two === 'b')?.r).toBeCloseTo(0.5)
  })

  it('says nothing of a column that does not vary', () => {
    expect(correlations({ ...PAGE, columns: [A, B], rows: [[1, 1], [1, 2]] }).map(({ one }) => one)).toEqual(['b'])
  })
})

describe('sampleOffsets', () => {
  it('takes all of a short table and spreads over a long one', () => {
    expect(sampleOffsets(205, 100, 10)).toEqual([0, 100, 200])
    expect(sampleOffsets(1000, 100, 4)).toEqual([0, 300, 600, 900])
    expect(sampleOffsets(0, 100, 4)).toEqual([])
  })
})
