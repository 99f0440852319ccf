import { expect, it } from 'vitest'
import { valueWords, differenceTitle } from './explanation'

it('names what differs by its kind', () => {
  expect(differenceTitle({ kind: 'setting', name: 'learning_rate', before: 0.1, after: 0.2 })).toBe('Setting learning rate')
  expect(differenceTitle({ kind: 'library', name: 'scikit-learn', before: '1.5', after: '1.6' })).toBe('Library scikit-learn')
})

it('writes any value', () => {
  expect([0.1, 'mean', true, ['a', 'b'], null, ''].map(valueWords)).toEqual(['0.1', 'mean', 'on', '["a","b"]', null, null])
})
