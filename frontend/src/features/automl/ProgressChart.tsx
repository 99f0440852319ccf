import { duration, metric as metricWords } from '../../core/base/numbers'
import type { MetricOf, Reached } from '../../core/runs/candidates'
import classes from './search.module.css'

const WIDTH = 320
const HEIGHT = 140

/** The score of each model, and the best so far, against the seconds of all trials until then. */
export function ProgressChart({ reached, metric }: { reached: Reached[]; metric: MetricOf | null }) {
  const last = reached.at(-1)
  if (!last || !metric) return <p className={classes.empty}>The first model that is validated starts the line.</p>
  const path = reached.filter(({ best }) => best)
  const sign = metric.better === 'low' ? -1 : 1
  // A bad model would press the others together: the worst third lies on the edge.
  const ordered = reached.map(({ score }) => score).sort((one, two) => sign * (one - two))
  const [worst, best] = [ordered[Math.floor(ordered.length / 3)] ?? last.score, ordered.at(-1) ?? last.score]
  const x = (seconds: number) => (seconds / last.seconds) * WIDTH
  const y = (score: number) => Math.min(HEIGHT, HEIGHT - (HEIGHT * (score - worst)) / (best - worst || 1))
  const line = path.map(({ seconds, score }, at) => (at ? `H${x(seconds).toFixed(1)}V${y(score).toFixed(1)}` : `M${x(seconds).toFixed(1)} ${y(score).toFixed(1)}`)).join('')
  const leader = path.at(-1)
  return (
    <figure className={classes.chart}>
      <svg viewBox={`-6 -8 ${WIDTH + 12} ${HEIGHT + 16}`} role="img" aria-label={`Best ${metric.title} so far: from ${metricWords(path[0]?.score)} to ${metricWords(leader?.score)} in ${duration(last.seconds)} of trials`}>
        {[0, 0.5, 1].map((level) => <line key={level} x1={0} x2={WIDTH} y1={level * HEIGHT} y2={level * HEIGHT} className={classes.grid} />)}
        {reached.map(({ seconds, score, name }) => <circle key={name} cx={x(seconds)} cy={y(score)} r={3}><title>{`${name}: ${metricWords(score)}`}</title></circle>)}
        <path d={`${line}H${WIDTH}`} />
        {leader && <circle cx={x(leader.seconds)} cy={y(leader.score)} r={4.5} data-leader><title>{`${leader.name}: ${metricWords(leader.score)}`}</title></circle>}
      </svg>
      <figcaption><span className="figures">{metricWords(worst)} to {metricWords(best)}</span><span className="figures">{duration(last.seconds)} of trials</span></figcaption>
    </figure>
  )
}
