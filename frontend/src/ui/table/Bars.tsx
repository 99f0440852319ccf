import { count, dataFigure } from '../../core/base/numbers'
import type { Cell, ColumnKind, ColumnProfile, Histogram } from '../../core/data/tables'
import { cellText } from '../../core/data/cells'
import classes from './bars.module.css'

/** A histogram as plain bars; the text around it describes it. */
export function HistogramBars({ histogram, height }: { histogram: Histogram; height: number }) {
  const { counts } = histogram
  const tallest = Math.max(1, ...counts)
  return (
    <svg className={classes.histogram} height={height} viewBox={`0 0 ${counts.length} 100`} preserveAspectRatio="none" aria-hidden>
      {counts.map((value, index) => {
        const tall = value === 0 ? 0 : Math.max(4, (value / tallest) * 100)
        return <rect key={index} x={index + 0.06} width={0.88} y={100 - tall} height={tall} />
      })}
    </svg>
  )
}

/** A present value is never "0 %". */
function shareText(share: number): string {
  return share > 0 && share < 0.005 ? '<1\u00a0%' : `${Math.round(share * 100)}\u00a0%`
}

function wordOf(value: Cell, kind: ColumnKind): string {
  if (value === null) return 'missing'
  return typeof value === 'number' ? dataFigure(value) : cellText(value, kind) || 'empty text'
}

/** The most common values, each with its share of the rows. */
export function TopValues({ column, rows, limit, counts = false }: { column: ColumnProfile; rows: number; limit: number; counts?: boolean }) {
  return (
    <div className={classes.top}>
      {(column.top ?? []).slice(0, limit).map(({ value, count: times }, index) => (
        <div key={index} title={wordOf(value, column.kind)} className={classes.value}>
          <div className={classes.share} style={{ width: `${rows ? (times / rows) * 100 : 0}%` }} />
          <span className={classes.word}>{wordOf(value, column.kind)}</span>
          <span className={classes.times}>{counts ? count(times) : shareText(rows ? times / rows : 0)}</span>
        </div>
      ))}
    </div>
  )
}

/** The share of missing values; it is never too narrow to be seen. */
export function MissingBar({ missing, rows }: { missing: number; rows: number }) {
  return (
    <div className={classes.track} aria-hidden>
      {missing > 0 && <div className={classes.missing} style={{ width: `max(3px, ${rows ? (missing / rows) * 100 : 0}%)` }} />}
    </div>
  )
}
