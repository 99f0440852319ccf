import { expect, it } from 'vitest'
import { grouped } from './grouped'

it('lists entries without a heading first, and each heading once; only headings have a group', () => {
  const [a, b, c, d, e] = [{ value: 'a', group: 'Two' }, { value: 'b', group: undefined }, { value: 'c', group: 'One' }, { value: 'd', group: 'Two' }, { value: 'e', group: '' }]
  const found = grouped([a, b, c, d, e])
  expect(found).toEqual([{ value: 'b' }, { value: 'e' }, { group: 'Two', items: [{ value: 'a' }, { value: 'd' }] }, { group: 'One', items: [{ value: 'c' }] }])
  expect(found.filter((entry) => 'group' in entry)).toHaveLength(2)
})
