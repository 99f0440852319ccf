import { expect, it } from 'vitest'
import type { Module } from '../catalogue/catalogue'
import { param } from '../catalogue/catalogue.fixture'
import { mayCompareTables, told, valueWords, type Difference } from './explanation'

const difference = (kind: Difference['kind'], name: string, before: Difference['before'] = null, after: Difference['after'] = null): Difference => ({ kind, name, before, after })

it('tells a setting with its values before and after', () => {
  expect(told(difference('setting', 'stratify_by', null, 'body-style'))).toEqual({ lead: '', name: 'stratify_by', values: { before: null, after: 'body-style' } })
  expect(told(difference('library', 'scikit-learn', '1.5', '1.6'))).toEqual({ lead: 'Library', name: 'scikit-learn', values: { before: '1.5', after: '1.6' } })
})

it('names settings, choices, rules and ports as they are shown', () => {
  const module = {
    params: [param('mode', 'choice', { title: 'Cleaning mode', choices: [{ value: 'drop_rows', title: 'Remove the row' }] }), param('columns', 'columns', { title: 'Columns' })],
    inputs: [{ name: 'scored', title: 'Scored' }],
  } as Module
  expect(told(difference('setting', 'mode', 'mean', 'drop_rows'), module)).toEqual({ lead: '', name: 'Cleaning mode', values: { before: 'mean', after: 'Remove the row' } })
  expect(told(difference('setting', 'columns', 'all', [{ include: 'all' }, { exclude: { names: ['id'] } }]), module).values).toEqual({ before: 'all columns', after: 'all columns but not id' })
  expect(told(difference('input', 'scored'), module).name).toBe('Scored')
})

it('gives a module values only where its version differs', () => {
  expect(told(difference('module', 'id', 'version 1', 'version 2')).values).toEqual({ before: 'version 1', after: 'version 2' })
  expect(told(difference('module', 'id', 'version 1', 'version 1')).values).toBeNull()
})

it('has no values for data, and none for what prepares it', () => {
  expect(told(difference('path', 'table'))).toEqual({ lead: 'The modules that prepare table changed.', name: '', values: null })
  expect(told(difference('input', 'table'))).toEqual({ lead: 'New data arrived at', name: 'table', values: null })
})

it('writes any value', () => {
  expect([0.1, 'mean', true, ['a', 'b'], null, ''].map(valueWords)).toEqual(['0.1', 'mean', 'on', '["a","b"]', null, null])
})

it('compares tables only where data differs and no column is named yet', () => {
  const why = (...differences: Difference[]) => ({ reused: false, run: null, words: '', differences })
  expect(mayCompareTables(why(difference('input', 'table')))).toBe(true)
  expect(mayCompareTables(why(difference('input', 'table'), difference('column', 'a', 'x', 'y')))).toBe(false)
  expect(mayCompareTables(why(difference('setting', 'mark', 1, 2)))).toBe(false)
})
