import { expect, test } from 'vitest'
import { keptWords, truthChart, type EndpointKeeping } from './truth'

const day = { day: '2026-11-28', version: 1, answers: 200, labels: 150, share: 0.75, accuracy: 0.9, mae: null, rmse: null }

test('days without truth are left out of the chart, and days with little are marked', () => {
  const chart = truthChart({ task: 'classes', days: [day, { ...day, day: '2026-11-29', labels: 20 }, { ...day, accuracy: null }], least_labels: 100 })
  expect(chart).toMatchObject({ data: { values: [{ value: 0.9, enough: 'enough' }, { value: 0.9, enough: 'few' }] } })
})

test('what is kept is said', () => {
  const nothing = { share: 0, days: 30, kept: ['a'], left_out: ['email'], answers: false, answer_days: 90, key: '' } as unknown as EndpointKeeping
  expect(keptWords(nothing)).toBe('No row of a request is kept. Answers are not kept.')
  expect(keptWords({ ...nothing, share: 5, answers: true })).toBe('Of 5\u00a0% of the requests, rows with a and the answer are kept for 30 days. Left out: email. The answers of all requests are kept for 90 days with the request id, to compare them with the truth.')
})
