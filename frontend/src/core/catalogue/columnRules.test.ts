import { describe, expect, it } from 'vitest'
import { offeredNames, pickColumns, readIndices, readRules, rulesWords, writeRules } from './columnRules'
import type { Json } from '../base/json'
import type { Column } from '../data/tables'

const column = (name: string, kind: Column['kind'], rest: Partial<Column> = {}): Column =>
  ({ name, dtype: kind, kind, role: 'feature', categorical: false, ...rest })

const CARS = [
  column('make', 'text', { categorical: true }),
  column('doors', 'number'),
  column('turbo', 'boolean'),
  column('price', 'number', { role: 'label' }),
]

const picks = (value: Json) => pickColumns(readRules(value), CARS)

describe('rules', () => {
  it('start from nothing', () => expect(picks([])).toEqual([]))
  it('take all but some', () => expect(picks([{ include: 'all' }, { exclude: { names: ['price'] } }])).toEqual(['make', 'doors', 'turbo']))
  it('apply in order', () => expect(picks([{ exclude: { names: ['price'] } }, { include: 'all' }])).toHaveLength(4))
  it('pick by type', () => expect(picks([{ include: { types: ['numeric', 'categorical'] } }])).toEqual(['make', 'doors', 'price']))
  it('pick by role, feature when none is set', () => expect(picks([{ include: { roles: ['feature'] } }])).toEqual(['make', 'doors', 'turbo']))
  it('pick by place', () => expect(picks([{ include: { indices: '1-2,4' } }])).toEqual(['make', 'doors', 'price']))
  it('accept a plain list of names', () => expect(picks(['turbo', 'make'])).toEqual(['make', 'turbo']))
  it('accept "all"', () => expect(picks('all')).toHaveLength(4))
})

it('rules survive a round trip', () => {
  const value: Json = [{ include: { types: ['numeric'] } }, { exclude: { indices: '4' } }]
  expect(writeRules(readRules(value))).toEqual(value)
})

it('indices forgive half-typed text', () => {
  expect([...readIndices('2-, 4,x,6-7')].sort()).toEqual([2, 4, 6, 7])
})

it('offers the columns and what is chosen, and what is typed only while no columns are known', () => {
  expect(offeredNames(CARS.slice(0, 2), ['colour', 'make'], 'pri')).toEqual(['make', 'doors', 'colour'])
  expect(offeredNames(null, ['colour'], ' pri')).toEqual(['pri', 'colour'])
  expect(offeredNames(null, [], '')).toEqual([])
})

it('rules read as a phrase', () => {
  expect(rulesWords(readRules([{ include: 'all' }, { exclude: { names: ['price'] } }]))).toBe('all columns but not price')
  expect(rulesWords(readRules(['a', 'b', 'c', 'd']))).toBe('a, b and 2 more')
  expect(rulesWords(readRules([{ include: 'all' }, { exclude: { names: [] } }]))).toBe('all columns')
})
