/** What an endpoint receives: series over time for charts, and words for settings. */
import type { Schemas } from '../base/schemas'
import { quantile, type EndpointMonitor } from './endpoints'

export type EndpointDrift = Schemas['EndpointDrift']
export type MonitorColumn = Schemas['MonitorColumn']

export interface Thresholds { psi: number; wasserstein: number; missing: number; new_categories: number; out_of_range: number; type_errors: number; importance: number; rows_factor: number; in_a_row: number; least_rows: number; errors: number; latency_ms: number; least_requests: number }
export interface MonitorSettings { enabled: boolean; window: 'hour' | 'day' | 'rows'; zone: string; rows: number; thresholds: Thresholds }

/** One instant of the charts. Times are in milliseconds; null without a request. */
export interface Point { at: string; answered: number; errors: number; half: number | null; slow: number | null }

/** Counts over all versions in spans of some minutes, from so many minutes before `until` on, oldest first. A time beyond the last bound shows as that bound. */
export function pointsOf({ bounds, minutes }: EndpointMonitor, span: number, back: number, until: number): Point[] {
  const spans = new Map<number, EndpointMonitor['minutes']>()
  const last = Math.floor(until / 60_000 / span) * span * 60_000
  for (let at = last - back * 60_000; at <= last; at += span * 60_000) spans.set(at, [])
  for (const minute of minutes) {
    const at = Math.floor(Date.parse(minute.at) / 60_000 / span) * span * 60_000
    spans.set(at, [...(spans.get(at) ?? []), minute])
  }
  return [...spans].toSorted(([one], [two]) => one - two).map(([at, found]) => {
    const sum = (key: 'requests' | 'errors') => found.reduce((total, minute) => total + minute[key], 0)
    const buckets = bounds.concat(Infinity).map((_, place) => found.reduce((total, minute) => total + (minute.buckets[place] ?? 0), 0))
    const time = (share: number) => {
      const seconds = quantile(bounds, buckets, share)
      return seconds === null ? null : Math.min(seconds, bounds.at(-1) ?? seconds) * 1000
    }
    return { at: new Date(at).toISOString(), answered: sum('requests') - sum('errors'), errors: sum('errors'), half: time(0.5), slow: time(0.99) }
  })
}

const x = { field: 'at', type: 'temporal', title: null, axis: { grid: false, format: '%H:%M' } }

export function requestsChart(points: Point[]): Record<string, unknown> {
  const values = points.flatMap(({ at, answered, errors }) => [{ at, kind: 'Answered', requests: answered }, { at, kind: 'Errors', requests: errors }])
  return {
    data: { values }, mark: { type: 'area', interpolate: 'step-after', line: true, opacity: 0.5 },
    encoding: { x, y: { field: 'requests', type: 'quantitative', title: 'Requests' }, color: { field: 'kind', type: 'nominal', title: null } },
  }
}

export function latencyChart(points: Point[]): Record<string, unknown> {
  const values = points.flatMap(({ at, half, slow }) => [{ at, kind: 'Half within', ms: half }, { at, kind: '99\u00a0% within', ms: slow }])
  return {
    data: { values }, mark: { type: 'line', point: true },
    encoding: { x, y: { field: 'ms', type: 'quantitative', title: 'Milliseconds' }, color: { field: 'kind', type: 'nominal', title: null } },
  }
}

/** A setting of a version's watching, with its title for people. Shares are in percent there. */
export const THRESHOLDS: readonly { key: keyof Thresholds; title: string; percent?: boolean }[] = [
  { key: 'psi', title: 'PSI' },
  { key: 'wasserstein', title: 'Distance in standard deviations' },
  { key: 'missing', title: 'More rows without a value', percent: true },
  { key: 'new_categories', title: 'More new categories', percent: true },
  { key: 'out_of_range', title: 'More numbers out of range', percent: true },
  { key: 'type_errors', title: 'Values of another type', percent: true },
  { key: 'importance', title: 'Least importance of a drifted input', percent: true },
  { key: 'rows_factor', title: 'Times more or fewer rows' },
  { key: 'in_a_row', title: 'Windows in a row' },
  { key: 'least_rows', title: 'Least rows of a window' },
  { key: 'errors', title: 'Requests that fail', percent: true },
  { key: 'latency_ms', title: 'Milliseconds of 95\u00a0% of requests' },
  { key: 'least_requests', title: 'Least requests for these two' },
]
