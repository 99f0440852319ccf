/** Figures of the log as curves, while they come: the losses of a training. */
import { coursesOf } from '../../core/runs/courses'
import type { LogLine } from '../../core/runs/runs'
import classes from './logs.module.css'

const WIDTH = 300
const HEIGHT = 60

export function Courses({ lines }: { lines: readonly LogLine[] }) {
  const courses = coursesOf(lines)
  if (courses.length === 0) return null
  return (
    <figure className={classes.courses}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        {courses.map(({ name, points }, at) => (
          <polyline key={name} style={{ stroke: `var(--series-${at + 1})` }} points={points.map(({ x, y }) => `${x * WIDTH},${(1 - y) * HEIGHT}`).join(' ')} />
        ))}
      </svg>
      <figcaption>
        {courses.map(({ name, last }, at) => (
          <span key={name} style={{ '--course': `var(--series-${at + 1})` } as React.CSSProperties}>{name} <b className="figures">{last.toPrecision(3)}</b></span>
        ))}
      </figcaption>
    </figure>
  )
}
