import { describe, expect, it } from 'vitest'
import { ago, aligned, bytes, count, counted, dataFigure, decimalsFor, duration, figure, metric, metricDifference } from './numbers'

describe('figure', () => {
  it('keeps the digits that matter', () => {
    expect([0, 12, 1234567, 0.123456, 12.3456, 1773.6123, -0.5, 0.00001, 2.5e12].map((value) => figure(value))).toEqual(
      ['0', '12', '1,234,567', '0.1235', '12.35', '1,773.6', '−0.5', '1.000e-5', '2,500,000,000,000'])
  })

  it('writes a year as one', () => {
    expect([dataFigure(1986), dataFigure(-1986), aligned(1986, 0), aligned(1986.5, 1), aligned(10_000, 0)]).toEqual(['1986', '−1986', '1986', '1986.5', '10,000'])
  })

  it('says nothing where there is nothing', () => {
    expect([figure(null), figure(undefined), figure(NaN), metric(null)]).toEqual(['–', '–', '–', '–'])
  })
})

describe('metric', () => {
  it('lines scores up and leaves errors as they are', () => {
    expect([metric(0.92), metric(1), metric(1833.8034), metric(0), metric(0.00001)]).toEqual(['0.9200', '1.0000', '1,833.8', '0.0000', '1.000e-5'])
  })
})

describe('a column of numbers', () => {
  it('finds the decimals it needs', () => {
    expect([decimalsFor([1, 2]), decimalsFor([1, 2.5, 0.25]), decimalsFor([1 / 3]), decimalsFor([])]).toEqual([0, 2, 6, 0])
  })

  it('lines up, and keeps what does not fit', () => {
    expect([aligned(1, 2), aligned(-2.5, 2), aligned(31770, 0), aligned(0.0001234, 2), aligned(1e20, 2)]).toEqual(['1.00', '−2.50', '31,770', '0.0001234', '100000000000000000000'])
  })
})

describe('units', () => {
  it('counts with a noun', () => {
    expect([counted(1, 'row'), counted(1000, 'row'), count(1e6)]).toEqual(['1 row', '1,000 rows', '1,000,000'])
  })

  it('sizes', () => {
    expect([0, 999, 1000, 25_600, 256_000, 1.5e9].map(bytes)).toEqual(['0\u00a0B', '999\u00a0B', '1.0\u00a0kB', '25.6\u00a0kB', '256\u00a0kB', '1.5\u00a0GB'])
  })

  it('durations', () => {
    expect([null, 0.012, 0.9999, 3.44, 59.96, 125, 3780].map(duration)).toEqual(['–', '12\u00a0ms', '1.0\u00a0s', '3.4\u00a0s', '1\u00a0min 00\u00a0s', '2\u00a0min 05\u00a0s', '1\u00a0h 03\u00a0min'])
  })

  it('ages', () => {
    const now = Date.parse('2026-01-10T12:00:00Z')
    expect(['2026-01-10T11:59:57Z', '2026-01-10T12:00:20Z', '2026-01-10T11:55:00Z', '2026-01-09T12:00:00Z'].map((at) => ago(at, now))).toEqual(['just now', 'just now', '5\u00a0min ago', 'yesterday'])
  })
})

it('has no difference where both figures are written alike', () => {
  expect([metricDifference(0.14762, 0.14758), metricDifference(3e-5, 1e-5) > 0, metricDifference(0.5, 0.25)]).toEqual([0, true, 0.25])
})
