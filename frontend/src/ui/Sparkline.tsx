/** A few values as a line without axes; the last one has a dot. */
import classes from './Sparkline.module.css'

interface Props {
  /** Oldest first; at least two are drawn. */
  values: number[]
  width?: number
  height?: number
  /** What it shows, for screen readers. */
  label: string
}

const INSET = 3

export function Sparkline({ values, width = 120, height = 36, label }: Props) {
  if (values.length < 2) return null
  const least = Math.min(...values)
  const range = Math.max(...values) - least || 1
  const points = values.map((value, at) => [
    INSET + (at * (width - 2 * INSET)) / (values.length - 1), height - INSET - ((value - least) / range) * (height - 2 * INSET),
  ] as const)
  const line = points.map(([x, y], at) => `${at ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')
  const [x, y] = points[points.length - 1] ?? [0, 0]
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} className={classes.sparkline} role="img" aria-label={label}>
      <path className={classes.area} d={`${line}V${height}H${INSET}Z`} />
      <path className={classes.line} d={line} pathLength={1} />
      <circle cx={x} cy={y} r={2.5} />
    </svg>
  )
}
