import { expect, it } from 'vitest'
import { lowered } from './words'

it.each([['Mean absolute error', 'mean absolute error'], ['AUC', 'AUC'], ['R²', 'R²'], ['L2 weight', 'L2 weight'], ['', '']])('writes %s within a sentence as %s', (title, within) => {
  expect(lowered(title)).toBe(within)
})
