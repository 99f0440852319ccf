/** A difference from another figure: the triangle says better or worse, the sign which way it moved. */
import { signed } from '../core/base/numbers'
import classes from './Change.module.css'

interface Props {
  by: number
  /** Whether a higher value is better; null when neither is. */
  higherIsBetter: boolean | null
  /** What it is compared with, for screen readers and on hover. */
  against?: string
  /** The amount in words of its own, such as with a unit. */
  amount?: string
}

export function Change({ by, higherIsBetter, against, amount = signed(by) }: Props) {
  const better = by === 0 || higherIsBetter === null ? null : by > 0 === higherIsBetter
  const words = better === null ? 'no better or worse' : better ? 'better' : 'worse'
  return (
    <span className={`${classes.change} figures`} data-better={better ?? undefined} title={against && `${amount} against ${against}`}>
      {better !== null && <span className={classes.sign} aria-hidden>{better ? '▲' : '▼'}</span>} {amount}<span className="visually-hidden"> ({words})</span>
    </span>
  )
}
