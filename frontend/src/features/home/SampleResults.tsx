/** What the models of a sample reach, as the tests compute it: a bar for each, from 0 to 1. */
import type { Sample } from '../../server/rest'
import classes from './SampleResults.module.css'

export function SampleResults({ sample: { measure, results } }: { sample: Sample }) {
  if (results.length === 0) return null
  return (
    <span className={classes.results}>
      <span className={classes.measure}>{measure}</span>
      {results.map(({ label, value }) => (
        <span key={label} className={classes.result}>
          <span className={classes.label}>{label}</span>
          <svg className={classes.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
            <rect className={classes.whole} width="100" height="4" />
            <rect className={classes.reached} width={100 * value} height="4" />
          </svg>
          <b className="figures">{value.toFixed(3)}</b>
        </span>
      ))}
    </span>
  )
}
