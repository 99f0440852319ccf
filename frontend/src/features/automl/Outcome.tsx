import { counted, metric } from '../../core/base/numbers'
import type { Schemas } from '../../core/base/schemas'
import classes from './search.module.css'

const TASKS = { two_class: 'predicts two classes', multi_class: 'predicts several classes', regression: 'predicts a number', forecast: 'forecasts a number' }
const WITHOUT = { two_class: 'Always the shares of the classes', multi_class: 'Always the shares of the classes', regression: 'Always the mean', forecast: 'The naive forecast, of a season before where there is one' }

/** What to expect of the winner on new rows. */
export function Outcome({ name, found }: { name: string; found: Schemas['Search'] }) {
  const { estimate, score, baseline } = found
  return (
    <section className={classes.outcome} aria-label="Result">
      <dl>
        <div><dt>{found.metric} {found.task === 'forecast' ? 'in the future' : 'on new rows'}</dt><dd><b className="figures">{metric(estimate.value)}</b>{estimate.error !== null && <span className="figures"> ± {metric(estimate.error)}</span>}<small>{found.is_honest ? 'Honest: of' : 'Too good, of'} {estimate.of}.</small></dd></div>
        <div><dt>In the search</dt><dd><b className="figures">{metric(score.value)}</b>{score.error !== null && <span className="figures"> ± {metric(score.error)}</span>}<small>{score.of}.</small></dd></div>
        <div><dt>Without a model</dt><dd><b className="figures">{baseline === null ? '–' : metric(baseline)}</b><small>{WITHOUT[found.task]}{baseline === null && `, of which ${found.metric} has no value`}.</small></dd></div>
      </dl>
      <p>{name} {TASKS[found.task]}, “{found.label}”, and was found on {counted(found.rows, 'row')}. {found.ended}</p>
    </section>
  )
}
