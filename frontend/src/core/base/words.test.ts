import { expect, it } from 'vitest'
import { initials, lowered } from './words'

it.each([['Mean absolute error', 'mean absolute error'], ['AUC', 'AUC'], ['R²', 'R²'], ['L2 weight', 'L2 weight'], ['', '']])('writes %s within a sentence as %s', (title, within) => {
  expect(lowered(title)).toBe(within)
})

it.each([['Mean absolute error', 'MAE'], ['Root mean squared error', 'RMSE'], ['Log loss', 'Log loss'], ['MCC', 'MCC'], ['R²', 'R²']])('shortens %s to %s', (title, short) => {
  expect(initials(title)).toBe(short)
})
