import { expect, it } from 'vitest'
import { readValue, shownDefault } from './typedValue'

const NUMBER = { type: 'number', default: 1, min: 0, max: 2 } as const

it.each([[NUMBER, '1.5', 1.5], [{ type: 'integer', default: 1 } as const, '3', 3], [{ type: 'boolean', default: true } as const, 'false', false], [{ type: 'text', default: '' } as const, '7', '7']])('reads %o from %s', (parameter, typed, value) => {
  expect(readValue(parameter, typed)).toBe(value)
})

it.each([[NUMBER, '', 'Enter a number.'], [NUMBER, '3', 'At most 2.'], [NUMBER, '-1', 'At least 0.'], [{ type: 'integer', default: 1 } as const, '1.5', 'Enter a whole number.']])('refuses %o from “%s”', (parameter, typed, words) => {
  expect(readValue(parameter, typed)).toEqual(new Error(words))
})

it('shows defaults as they are typed', () => expect([1, 'a', true, null].map((value) => shownDefault({ default: value }))).toEqual(['1', 'a', 'true', '']))
