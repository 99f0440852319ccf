/** The geometry of a series with its forecast, in a box of UNITS by UNITS. */

import type { ForecastSeries } from './reports'

export const UNITS = 1000

type Numbers = (number | null)[]

export interface Plot {
  history: string
  forecast: string
  /** One outline for each interval, the widest first. */
  bands: string[]
  low: number
  high: number
  /** The place of the first forecast, from 0 to 1. */
  origin: number
}

const present = (values: Numbers) => values.filter((value): value is number => value !== null)

export function plotOf({ times, values, start, forecast, bands }: ForecastSeries): Plot {
  const all = [values, forecast, ...bands.flatMap(({ low, high }) => [low, high])].flatMap(present)
  const [least, most] = all.length ? [Math.min(...all), Math.max(...all)] : [0, 1]
  const room = (most - least || Math.abs(most) || 1) * 0.05
  const [low, high] = [least - room, most + room]
  const x = (place: number) => (UNITS * place) / Math.max(1, times.length - 1)
  const y = (value: number) => UNITS * (1 - (value - low) / (high - low))
  const at = (place: number, value: number) => `${x(place).toFixed(1)} ${y(value).toFixed(1)}`
  const line = (numbers: Numbers, from: number) => {
    let pen = 'M'
    return numbers.map((value, index) => {
      if (value === null) {
        pen = 'M'
        return ''
      }
      const part = `${pen}${at(from + index, value)}`
      pen = 'L'
      return part
    }).join('')
  }
  const outline = ({ low: lower, high: upper }: ForecastSeries['bands'][number]) => {
    const places = lower.flatMap((value, index) => (value !== null && upper[index] != null ? [index] : []))
    if (places.length === 0) return ''
    const top = places.map((place) => at(start + place, upper[place] ?? 0))
    const bottom = places.map((place) => at(start + place, lower[place] ?? 0)).reverse()
    return `M${[...top, ...bottom].join('L')}Z`
  }
  return { history: line(values, 0), forecast: line(forecast, start), bands: bands.map(outline).reverse(), low, high, origin: (start - 0.5) / Math.max(1, times.length - 1) }
}

/** What is known at a place, as a row: time, value, forecast, and the bounds of each interval. */
export function rowAt({ times, values, start, forecast, bands }: ForecastSeries, place: number): (string | number | null)[] {
  const step = place - start
  return [times[place] ?? '', values[place] ?? null, forecast[step] ?? null, ...bands.flatMap(({ low, high }) => [low[step] ?? null, high[step] ?? null])]
}

export function headOf(time: string, value: string, { bands }: ForecastSeries): string[] {
  return [time, value, 'Forecast', ...bands.flatMap(({ level }) => [`Lower ${percentOf(level)}`, `Upper ${percentOf(level)}`])]
}

const percentOf = (level: number) => String(Number((level * 100).toFixed(2)))
