import { expect, it } from 'vitest'
import { fixtureCatalogue as catalogue } from './catalogue.fixture'
import { describeNode } from './describe'

const words = (module: string, params = {}) => describeNode(catalogue.module(module)!, params)

it('says shares as per cent and the seed by name', () => {
  expect(words('transform.split_data', { fraction: 0.7 })).toBe('split rows, 70 %, seed 0')
})

it('leaves out what does not matter', () => {
  expect(words('transform.split_data', { mode: 'filter' })).toBe('filter, seed 0')
})

it('names a dataset without underscores', () => {
  expect(words('data.dataset', { dataset: 'automobile_price' })).toBe('automobile price')
})

it('says nothing when there is nothing to say', () => {
  expect(words('training.train_model')).toBe('')
})
