import { expect, it } from 'vitest'
import { estimateWords, memoryWarning, type Estimate } from './estimates'

const GB: Estimate = { seconds: 40, peak_bytes: 1.2 * 1024 ** 3, based_on: 'step', runs: 3 }

it('says how much, how long, and how it is known', () => {
  expect(estimateWords(GB)).toBe('About 1.2\u00a0GB and 40.0\u00a0s, from 3 earlier runs.')
  expect(estimateWords({ ...GB, based_on: 'module', runs: 1 })).toBe('About 1.2\u00a0GB and 40.0\u00a0s, from 1 earlier run of this module.')
  expect(estimateWords({ ...GB, peak_bytes: 4096, seconds: 0.01 })).toBe('Under 1\u00a0MB and 10\u00a0ms, from 3 earlier runs.')
})

it('warns when the smaller limit is passed, and names it', () => {
  expect(memoryWarning(GB, null, undefined)).toBeNull()
  expect(memoryWarning(undefined, 1, 64)).toBeNull()
  expect(memoryWarning(GB, 2 * 1024 ** 3, 1500)).toBeNull()
  expect(memoryWarning(GB, 1024 ** 3, undefined)).toBe('It needs about 1.2\u00a0GB, more than the memory limit of the workspace of 1.0\u00a0GB.')
  expect(memoryWarning(GB, 2 * 1024 ** 3, 512)).toBe('It needs about 1.2\u00a0GB, more than its memory limit of 512\u00a0MB.')
})
