import { metric } from '../../core/base/numbers'
import type { Candidate } from '../../core/runs/candidates'
import classes from './search.module.css'

const COMPARED = 12

export interface Range {
  low: number
  high: number
}

/** Of the best few: a bad model would press the others together. */
export function rangeOf(candidates: readonly Candidate[], winner: { value: number; error: number | null } | null): Range | null {
  const best = candidates.flatMap(({ score, error }) => (score === null ? [] : [{ value: score, error }])).slice(0, COMPARED)
  const ends = [...best, ...(winner ? [winner] : [])].flatMap(({ value, error }) => [value - (error ?? 0), value + (error ?? 0)])
  return ends.length ? { low: Math.min(...ends), high: Math.max(...ends) } : null
}

/** A score with one standard error to both sides, within the range of the best. */
export function Interval({ value, error, range: { low, high }, best }: { value: number; error: number | null; range: Range; best: boolean }) {
  const at = (place: number) => Math.min(100, Math.max(0, (100 * (place - low)) / (high - low || 1)))
  const [from, to] = [at(value - (error ?? 0)), at(value + (error ?? 0))]
  const outside = value < low || value > high
  return (
    <span className={classes.interval} data-best={best || undefined} role="img" aria-label={error === null ? metric(value) : `${metric(value - error)} to ${metric(value + error)}`}>
      <span style={{ left: `${from}%`, width: `${to - from}%` }} />
      {!outside && <i style={{ left: `${at(value)}%` }} />}
    </span>
  )
}
