import { expect, test } from 'vitest'
import { presetTrouble, shownValues, without } from './presets'

const share = { type: 'number' as const, default: 0.5 }

test('what the fields show is saved as a preset: values and defaults, but nothing for a required one without a value', () => {
  expect(shownValues({ share, seed: { type: 'integer', default: 1 }, day: { type: 'date', required: true, default: null } }, { share: 0.1 })).toEqual({ share: 0.1, seed: 1 })
})

test('a run is given what its preset does not give', () => {
  expect(without({ share: 0.1, seed: 2, columns: ['a'] }, { share: 0.1, seed: 1, columns: ['a'] })).toEqual({ seed: 2 })
})

test('beyond the largest number of presets only one that is there can be saved', () => {
  const names = Array.from({ length: 100 }, (_, place) => `p${place}`)
  expect(presetTrouble('new', names)).toContain('at most 100')
  expect(presetTrouble('p3', names)).toBeNull()
})
