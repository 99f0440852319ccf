import { metric } from '../../core/base/numbers'
import { bestPath, type BestItem } from '../../core/runs/items'
import classes from './items.module.css'

const WIDTH = 140
const HEIGHT = 24

/** The best score so far, against the items. */
export function BestSoFar({ best, total }: { best: readonly BestItem[]; total: number }) {
  const last = best.at(-1)
  if (!last) return null
  return (
    <figure className={classes.best}>
      <svg viewBox={`-3 -3 ${WIDTH + 6} ${HEIGHT + 6}`} width={WIDTH} height={HEIGHT + 6} role="img" aria-label={`Best score so far, against the items: from ${metric(best[0]?.score)} to ${metric(last.score)}`}>
        <path d={bestPath(best, total, WIDTH, HEIGHT)} />
      </svg>
      <figcaption>Best score <b className="figures">{metric(last.score)}</b> <span className={classes.key} title={last.key}>{last.key}</span></figcaption>
    </figure>
  )
}
