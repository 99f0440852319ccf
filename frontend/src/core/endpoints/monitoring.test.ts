import { expect, test } from 'vitest'
import { latencyChart, pointsOf, requestsChart } from './monitoring'

const minute = (at: string, requests: number, errors: number, buckets: number[]) => ({ at, version: 1, requests, errors, rows: requests, warnings: 0, seconds: 0, buckets })

test('minutes add up to spans, over all versions, and times beyond the last bound show as it', () => {
  const minutes = [minute('2026-11-28T12:00:00Z', 4, 1, [4, 0, 0]), minute('2026-11-28T12:14:00Z', 6, 0, [0, 0, 6]), minute('2026-11-28T12:15:00Z', 2, 2, [0, 2, 0])]
  expect(pointsOf({ bounds: [0.001, 0.01], minutes }, 15, 30, Date.parse('2026-11-28T12:16:00Z'))).toEqual([
    { at: '2026-11-28T11:45:00.000Z', answered: 0, errors: 0, half: null, slow: null },
    { at: '2026-11-28T12:00:00.000Z', answered: 9, errors: 1, half: 10, slow: 10 },
    { at: '2026-11-28T12:15:00.000Z', answered: 0, errors: 2, half: 10, slow: 10 },
  ])
})

test('charts have both series', () => {
  const points = [{ at: '2026-11-28T12:00:00.000Z', answered: 9, errors: 1, half: 1, slow: null }]
  expect(requestsChart(points)).toMatchObject({ data: { values: [{ kind: 'Answered', requests: 9 }, { kind: 'Errors', requests: 1 }] } })
  expect(latencyChart(points)).toMatchObject({ data: { values: [{ ms: 1 }, { ms: null }] } })
})
