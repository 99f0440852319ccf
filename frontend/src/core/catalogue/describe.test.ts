import { expect, it } from 'vitest'
import { fixtureCatalogue as catalogue, param } from './catalogue.fixture'
import type { Param } from './catalogue'
import { describeNode } from './describe'

const words = (module: string, params = {}, title?: string) => describeNode(catalogue.module(module)!, params, title)
const withParams = (params: Param[], values = {}) => describeNode({ ...catalogue.module('transform.split_data')!, params }, values)

it('names only the settings that differ from their default, and says shares as per cent', () => {
  expect(words('transform.split_data', { fraction: 0.7 })).toBe('fraction 70\u00a0%')
  expect(words('transform.split_data', { fraction: 0.7, seed: 3, mode: 'rows' })).toBe('fraction 70\u00a0%, seed 3')
})

it('says nothing when nothing differs', () => {
  expect(words('transform.split_data', { fraction: 0.5, seed: 0 })).toBe('')
  expect(words('training.train_model')).toBe('')
})

it('leaves out settings that are not shown', () => {
  expect(words('transform.split_data', { mode: 'filter', fraction: 0.7 })).toBe('filter')
})

it('names a dataset without underscores, unless the title says it', () => {
  expect(words('data.dataset', { dataset: 'automobile_price' })).toBe('automobile price')
  expect(words('data.dataset', { dataset: 'automobile_price' }, 'Automobile price')).toBe('')
})

it('names the setting of an optional column, and only the column of a required one', () => {
  const label = param('label', 'column', { title: 'Label', required: true })
  expect(withParams([label, param('by', 'column', { title: 'Stratify by', nullable: true })], { label: 'price', by: 'make' })).toBe('price, stratify by make')
})

it('says that a switch which is on by default is off', () => {
  expect(withParams([param('shuffle', 'switch', { title: 'Shuffle', default: true })], { shuffle: false })).toBe('shuffle off')
})

it('names at most three settings', () => {
  const params = ['a', 'b', 'c', 'd'].map((name) => param(name, 'integer', { default: 1 }))
  expect(withParams(params, { a: 2, b: -3, c: 4, d: 5 })).toBe('a 2, b −3, c 4')
})
