import { count, duration, metric } from '../../core/base/numbers'
import type { Candidate } from '../../core/runs/candidates'
import classes from './search.module.css'

interface Props {
  candidate: Candidate
  /** What it is judged on. */
  parts: 'fold' | 'origin'
  /** Its share of the blend; undefined outside of it. */
  share: number | undefined
  /** Further metrics, by name. */
  others: Record<string, number>
}

/** What the leaderboard has no column for. */
export function CandidateFacts({ candidate: { fit, predict, rows, seed }, parts, share, others }: Props) {
  const facts: [string, string | null][] = [
    [`Training of one ${parts}`, fit === null ? null : duration(fit)],
    ['Prediction of a row', predict === null ? null : `${(1e6 * predict).toPrecision(3)}\u00a0µs`],
    ['Rows trained on', rows === null ? null : count(rows)],
    ['Seed', seed === null ? null : String(seed)],
    ['Weight in the blend', share === undefined ? null : `${Math.round(100 * share)}\u00a0%`],
    ...Object.entries(others).map(([name, value]): [string, string] => [name, metric(value)]),
  ]
  const known = facts.filter(([, value]) => value !== null)
  if (known.length === 0) return null
  return <dl className={classes.facts}>{known.map(([name, value]) => <div key={name}><dt>{name}</dt><dd className="figures">{value}</dd></div>)}</dl>
}
