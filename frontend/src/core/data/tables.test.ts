import { describe, expect, it } from 'vitest'
import { EVERYTHING, filterValue, filterWords, nextSort, questionQuery, withFilter } from './tables'

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
  })
})
