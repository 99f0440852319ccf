import { expect, test } from 'vitest'
import { keptWords, truthChart, truthWords, type EndpointKeeping, type EndpointTruth } from './truth'

const AUC = { key: 'auc', title: 'AUC' }
const day = { day: '2026-11-28', version: 1, answers: 200, labels: 150, share: 0.75, compared: 150, figures: { auc: 0.9 } }
const run = { version: 1, rows: 500, figures: { auc: 0.95 } }

test('days without the figure are left out of the chart, and the figure of the run is a line beside those of its version', () => {
  const days = [day, { ...day, day: '2026-11-29', labels: 20 }, { ...day, figures: { auc: null } }]
  const chart = truthChart({ days, runs: [run, { ...run, version: 2 }, { ...run, figures: {} }], least_labels: 100 }, AUC)
  expect(chart).toMatchObject({ layer: [{ data: { values: [{ value: 0.9, enough: 'enough' }, { value: 0.9, enough: 'few' }] } }, { data: { values: [{ version: 'Version 1', value: 0.95, rows: 500 }] } }] })
})

test('what is left out, cut, few or unknown is said', () => {
  const found = { cut: false, most_compared: 100_000, least_labels: 100, days: [day], runs: [], positive: null, unknown: [] } as unknown as EndpointTruth
  expect(truthWords(found)).toEqual([])
  const all = { ...found, cut: true, positive: 'yes', unknown: ['Yes'], runs: [run], days: [{ ...day, labels: 50, compared: 49 }] }
  expect(truthWords(all).join(' ')).toMatch(/class “yes”.*dashed line.*newest 100,000.*fewer than 100.*1 answer with truth could not.*“Yes”/)
})

test('what is kept is said', () => {
  const nothing = { share: 0, days: 30, kept: ['a'], left_out: ['email'], answers: false, answer_days: 90, key: '' } as unknown as EndpointKeeping
  expect(keptWords(nothing)).toBe('No row of a request is kept. Answers are not kept.')
  expect(keptWords({ ...nothing, share: 5, answers: true })).toBe('Of 5\u00a0% of the requests, rows with a and the answer are kept for 30 days. Left out: email. The answers of all requests are kept for 90 days with the request id, to compare them with the truth.')
})
