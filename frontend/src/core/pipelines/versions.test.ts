import { expect, it } from 'vitest'
import { copyName } from './versions'

it('calls a copy by the pipeline and the version, as long as a name may be', () => {
  expect(copyName('Cars', 'First try')).toBe('Cars, First try')
  expect(copyName('', 'First try')).toBe('First try')
  expect(copyName('x'.repeat(300), 'y')).toHaveLength(200)
})
