import { duration } from '../../core/base/numbers'
import { timesSideBySide } from '../../core/runs/compare'
import { useTitles } from '../../state/catalogue'
import { Swatch, type Columns } from './columns'
import classes from './compare.module.css'

const COLOURS = 6

/** How long each step took in each run, as bars on one scale, in the order of the flow. */
export function ComparedTimes({ columns: { runs, heads } }: { columns: Columns }) {
  const steps = timesSideBySide(runs, useTitles())
  const longest = Math.max(0.001, ...steps.flatMap(({ values }) => values.filter((value) => typeof value === 'number')))
  return (
    <dl className={classes.times}>
      {steps.map(({ key, title, values }) => (
        <div key={key}>
          <dt>{title}</dt>
          <dd>
            {values.map((value, place) => (
              <div key={place} className={classes.time} title={heads[place]}>
                <Swatch place={place} />
                <span className={classes.bar} data-state={typeof value === 'number' ? undefined : (value ?? 'none')} style={{ '--run': `var(--series-${(place % COLOURS) + 1})`, width: typeof value === 'number' ? `calc(${(value / longest) * 100}% * 0.75)` : undefined } as React.CSSProperties} />
                <span className="visually-hidden">{heads[place]}: </span>
                {value === 'reused' ? 'reused' : value === null ? 'not run' : duration(value)}
              </div>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
