import { expect, it } from 'vitest'
import { isBuilding, nameProblem } from './environments'

it('knows names that nodes can call', () => {
  expect(['maps', '3d', 'a-b_c'].map(nameProblem)).toEqual([null, null, null])
  expect(['', 'Maps', '-a', 'a b', 'x'.repeat(61)].map((name) => typeof nameProblem(name))).toEqual(Array(5).fill('string'))
})

it('knows which builds go on', () => expect((['none', 'waiting', 'building', 'built', 'failed'] as const).map(isBuilding)).toEqual([false, true, true, false, false]))
