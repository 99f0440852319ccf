import { describe, expect, it } from 'vitest'
import { askedAddress, askedOf, EVERYTHING, filterValue, filterWords, hasBars, nextSort, questionQuery, rangeOf, typeWords, withFilter, type ColumnProfile } from './tables'

describe('questionQuery', () => {
  it('asks for everything plainly', () => {
    expect(questionQuery(EVERYTHING, 200, 100)).toEqual({ offset: 200, limit: 100 })
  })

  it('carries sort, filters and search', () => {
    const asked = questionQuery({ sort: { column: 'a&b', descending: true }, filters: [{ column: 'price', op: '>', value: 5 }], search: 'x y' }, 0, 1)
    expect(asked).toEqual({ offset: 0, limit: 1, sort: ['-a&b'], filter: '[{"column":"price","op":">","value":5}]', search: 'x y' })
  })
})

describe('nextSort', () => {
  it('goes up, down and back', () => {
    const up = nextSort(null, 'a')
    const down = nextSort(up, 'a')
    expect([up, down, nextSort(down, 'a'), nextSort(down, 'b')]).toEqual([
      { column: 'a', descending: false }, { column: 'a', descending: true }, null, { column: 'b', descending: false }])
  })
})

describe('filters', () => {
  it('reads what was typed as the kind of the column', () => {
    expect([filterValue('number', '1,5'), filterValue('number', 'x'), filterValue('text', ' a '), filterValue('text', ' '), filterValue('boolean', 'true')])
      .toEqual([1.5, undefined, 'a', undefined, true])
  })

  it('keeps one per column', () => {
    const first = withFilter([], 'a', { column: 'a', op: '=', value: 1 })
    expect(withFilter(first, 'a', { column: 'a', op: 'missing', value: null })).toEqual([{ column: 'a', op: 'missing', value: null }])
    expect(withFilter(first, 'a', null)).toEqual([])
  })

  it('says itself', () => {
    expect(filterWords({ column: 'price', op: '>=', value: 10 })).toBe('price at least 10')
    expect(filterWords({ column: 'price', op: 'missing', value: null })).toBe('price is missing')
    expect(['', ' yes', 'yes'].map((value) => filterWords({ column: 'label', op: '=', value }))).toEqual(['label is “”', 'label is “ yes”', 'label is yes'])
  })
})

it('names the type of a column as Edit Metadata does', () => {
  expect(([['number', 'Int64'], ['number', 'UInt8'], ['number', 'Float64'], ['text', 'String'], ['text', 'Enum'], ['datetime', 'Date'], ['datetime', "Datetime(time_unit='us')"], ['other', 'List(Int64)']] as const).map(([kind, dtype]) => typeWords({ kind, dtype })))
    .toEqual(['Integer', 'Integer', 'Number', 'Text', 'Text', 'Date', 'Datetime', 'List(Int64)'])
})

describe('the header of a column', () => {
  const stats = { min: 0, max: 31770.5, mean: 0, median: 0, std: 0, q1: 0, q3: 0 }
  const column: ColumnProfile = { name: 'a', kind: 'number', dtype: 'Int64', role: 'feature', categorical: false, missing: 0, distinct: 30, stats, histogram: { edges: [0, 20000, 40000], counts: [2, 1] }, top: null }

  it('says the least and the greatest value, as reports do', () => {
    expect(rangeOf(column)).toEqual(['0', '31,770.5'])
    expect(rangeOf({ ...column, kind: 'datetime', stats: { ...stats, min: '2024-01-31T00:00:00', max: '2025-02-01' } })).toEqual(['2024-01-31', '2025-02-01'])
    expect(rangeOf({ ...column, histogram: null })).toBeNull()
  })

  it('takes 0 and 1 for two bars, not for a range', () => {
    const flag = { ...column, distinct: 2, top: [{ value: 0, count: 5 }, { value: 1, count: 3 }] }
    expect([hasBars(flag), hasBars(column), hasBars({ ...flag, kind: 'text' })]).toEqual([true, false, false])
    expect(rangeOf(flag)).toBeNull()
  })
})

describe('askedOf', () => {
  const asked = { of: 'data.table', filters: [{ column: 'a & b', op: '=' as const, value: 'x=1' }], sort: '-price' }

  it('reads what an address asks of one table', () => {
    const query = new URLSearchParams(askedAddress(asked))
    expect(askedOf(query, 'data.table')).toEqual({ filters: asked.filters, sort: { column: 'price', descending: true }, search: '' })
    expect(askedOf(query, 'other.table')).toEqual(EVERYTHING)
  })

  it('shows all rows of an address without it, or an incomplete one', () => {
    expect(askedOf(new URLSearchParams(), 'data.table')).toEqual(EVERYTHING)
    expect(askedOf(new URLSearchParams({ rows: '{"of":"data.ta' }), 'data.table')).toEqual(EVERYTHING)
  })
})
