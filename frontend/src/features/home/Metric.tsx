import { metric } from '../../core/base/numbers'
import { initials } from '../../core/base/words'
import type { Headline } from '../../core/runs/headlines'
import { Change } from '../../ui/Change'
import classes from './Metric.module.css'

interface Props {
  headline: Headline
  /** From the run before. */
  change?: number | null
}

/** The metric of a run in a few letters; its whole name on hover, and for screen readers. */
export function Metric({ headline: { title, value, better }, change }: Props) {
  return (
    <span className={classes.metric}>
      <abbr title={title} aria-label={title}>{initials(title)}</abbr> <b className="figures">{metric(value)}</b>
      {change ? <Change by={change} higherIsBetter={better && better === 'high'} against="the run before" /> : null}
    </span>
  )
}
