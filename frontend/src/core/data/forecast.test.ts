import { describe, expect, it } from 'vitest'
import { headOf, plotOf, rowAt } from './forecast'
import type { ForecastSeries } from './reports'

const SERIES: ForecastSeries = {
  name: 'a', times: ['1', '2', '3', '4'], values: [1, null, 3, null], start: 3, forecast: [4], bands: [{ level: 0.8, low: [2], high: [6] }],
}

describe('plotOf', () => {
  it('leaves gaps out, and puts the forecast after the history', () => {
    const { history, forecast, bands, low, high } = plotOf(SERIES)
    expect(history.match(/M/g)).toHaveLength(2)
    expect(forecast).toMatch(/^M1000\.0 /)
    expect(bands[0]).toMatch(/^M.*Z$/)
    expect([low < 1, high > 6]).toEqual([true, true])
  })

  it('draws a series without values', () => {
    expect(plotOf({ ...SERIES, values: [null], times: ['1'], start: 1, forecast: [], bands: [] }).history).toBe('')
  })
})

describe('rowAt', () => {
  it('says what is known of a time', () => {
    expect(rowAt(SERIES, 2)).toEqual(['3', 3, null, null, null])
    expect(rowAt(SERIES, 3)).toEqual(['4', null, 4, 2, 6])
    expect(headOf('week', 'sold', SERIES)).toEqual(['week', 'sold', 'Forecast', 'Lower 80', 'Upper 80'])
  })
})
