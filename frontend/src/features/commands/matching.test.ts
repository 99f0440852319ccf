import { expect, it } from 'vitest'
import { matching } from './matching'

const ALL = [{ title: 'Re-run all', more: 'Run' }, { title: 'Tidy up', more: 'Edit' }, { title: 'Run to here', more: 'Run' }, { title: 'Cancel', more: 'Run' }]
const found = (query: string) => matching(ALL, query).map(({ title }) => title)

it('finds what contains every word, the best match first', () => {
  expect(found('run')).toEqual(['Run to here', 'Re-run all', 'Cancel'])
  expect(found(' ALL run ')).toEqual(['Re-run all'])
  expect(found('nothing')).toEqual([])
})
