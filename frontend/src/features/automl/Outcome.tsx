import { counted, metric } from '../../core/base/numbers'
import type { Schemas } from '../../core/base/schemas'
import classes from './search.module.css'

const TASKS = { two_class: 'two classes', multi_class: 'several classes', regression: 'a number' }

/** What to expect of the winner on new rows. */
export function Outcome({ name, found }: { name: string; found: Schemas['Search'] }) {
  const { estimate, score, baseline } = found
  return (
    <section className={classes.outcome} aria-label="Result">
      <dl>
        <div><dt>{found.metric} on new rows</dt><dd><b className="figures">{metric(estimate.value)}</b>{estimate.error !== null && <span className="figures"> ± {metric(estimate.error)}</span>}<small>{found.is_honest ? 'Honest: of' : 'Too good, of'} {estimate.of}.</small></dd></div>
        <div><dt>In the search</dt><dd><b className="figures">{metric(score.value)}</b><small>{score.of}.</small></dd></div>
        <div><dt>Without a model</dt><dd><b className="figures">{metric(baseline)}</b><small>Always the {found.task === 'regression' ? 'mean' : 'shares of the classes'}.</small></dd></div>
      </dl>
      <p>{name} predicts {TASKS[found.task]}, “{found.label}”, and was found on {counted(found.rows, 'row')}. {found.ended}</p>
    </section>
  )
}
