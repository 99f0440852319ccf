import { expect, it } from 'vitest'
import { fixtureCatalogue as catalogue } from './catalogue.fixture'
import { describeNode } from './describe'

const words = (module: string, params = {}) => describeNode(catalogue.module(module)!, params)

it('names its numbers, and says shares as per cent', () => {
  expect(words('transform.split_data', { fraction: 0.7 })).toBe('split rows, fraction 70 %, seed 0')
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
