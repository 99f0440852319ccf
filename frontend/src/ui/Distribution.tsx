/** How the values of a column spread, at the size of a word: a histogram, or the shares of the most frequent values. */
import type { ColumnProfile, Histogram } from '../core/data/tables'
import classes from './Distribution.module.css'

const WIDTH = 56
const HEIGHT = 16
const MOST_BARS = 10
const MOST_SHARES = 5

/** Neighbouring bins together, so that no bar is thinner than can be seen. */
function merged({ counts }: Histogram): number[] {
  const each = Math.ceil(counts.length / MOST_BARS)
  return Array.from({ length: Math.ceil(counts.length / each) }, (_, at) => counts.slice(at * each, (at + 1) * each).reduce((sum, one) => sum + one, 0))
}

function Bars({ counts }: { counts: number[] }) {
  const tallest = Math.max(1, ...counts)
  const wide = WIDTH / counts.length
  return counts.map((count, at) => {
    const tall = count === 0 ? 0 : Math.max(1, (count / tallest) * HEIGHT)
    return <rect key={at} x={at * wide + 0.5} width={wide - 1} y={HEIGHT - tall} height={tall} rx={1} opacity={0.6} />
  })
}

function Shares({ counts, rows }: { counts: number[]; rows: number }) {
  let x = 0
  return counts.map((count, at) => {
    const wide = (count / rows) * WIDTH
    const left = x
    x += wide
    return <rect key={at} x={left} width={Math.max(0.5, wide - 1)} y={5} height={6} rx={1} opacity={0.75 - at * 0.13} />
  })
}

/** Nothing is drawn for a column without values. */
export function Distribution({ column, rows }: { column: ColumnProfile; rows: number }) {
  const shares = column.top?.slice(0, MOST_SHARES).map(({ count }) => count) ?? []
  if (!column.histogram && (shares.length === 0 || rows === 0)) return null
  return (
    <svg className={classes.distribution} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden>
      {column.histogram ? <Bars counts={merged(column.histogram)} /> : <Shares counts={shares} rows={rows} />}
    </svg>
  )
}
