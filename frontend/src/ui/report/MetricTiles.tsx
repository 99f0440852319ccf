import { metric } from '../../core/base/numbers'
import { rivalOf, tilesOf, type Evaluation } from '../../core/data/evaluation'
import { Change } from '../Change'
import classes from './report.module.css'

interface Props {
  evaluation: Evaluation
  shown: string
  threshold: number
}

/** The main figures of the model shown: each with its change from the model it is compared with, and its interval if the report has one. */
export function MetricTiles({ evaluation, shown, threshold }: Props) {
  const rival = rivalOf(evaluation, shown)
  const tiles = tilesOf(evaluation, shown, threshold)
  return (
    <div role="group" aria-label={`Metrics of ${shown}`}><dl className={classes.tiles} data-sure={tiles.some(({ interval }) => interval) || undefined}>
      {tiles.map(({ key, title, help, value, interval, by, higherIsBetter }) => (
        <div key={key} className={classes.tile} title={help}>
          <dt>{title}</dt>
          <dd>
            <span className={classes.figure}>{typeof value === 'string' ? value : metric(value)}</span>
            {by !== null && <Change by={by} higherIsBetter={higherIsBetter} against={rival ?? undefined} />}
            {interval && <span className={classes.interval}>{metric(interval[0])} to {metric(interval[1])}</span>}
          </dd>
        </div>
      ))}
    </dl></div>
  )
}
