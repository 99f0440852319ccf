import { expect, it } from 'vitest'
import { grouped } from './grouped'

it('lists entries without a heading first, and each heading once', () => {
  const [a, b, c, d] = [{ value: 'a', group: 'Two' }, { value: 'b' }, { value: 'c', group: 'One' }, { value: 'd', group: 'Two' }]
  expect(grouped([a, b, c, d])).toEqual([b, { group: 'Two', items: [a, d] }, { group: 'One', items: [c] }])
})
