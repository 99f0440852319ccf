import { expect, it } from 'vitest'
import { matchEntry } from './matchEntry'

const entries = ['churn', 'Age', 'age_band', 'age'].map((name) => ({ value: `id:${name}`, label: name }))
const taken = (typed: string, loosely = false) => matchEntry(entries, typed, loosely)?.label ?? null

it.each([
  ['churn', 'churn'], [' CHURN ', 'churn'], ['id:churn', 'churn'], ['Age', 'Age'], ['age', 'age'],
  ['AGE', null], ['chur', null], ['nope', null], ['  ', null],
])('%j means %j', (typed, label) => expect(taken(typed)).toBe(label))

it('takes a part only where one entry has it, and only when asked to', () => {
  expect(taken('band', true)).toBe('age_band')
  expect(taken('ge', true)).toBeNull()
})

it('takes the only one that begins with the text before others that contain it', () => {
  expect(matchEntry(['Marital status', 'Status'].map((name) => ({ value: name, label: name })), 'stat', true)?.label).toBe('Status')
  expect(taken('ag', true)).toBeNull()
})
