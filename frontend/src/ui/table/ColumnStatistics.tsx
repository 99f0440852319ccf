import { Skeleton, Stack, Text } from '@mantine/core'
import { cellText } from '../../core/data/cells'
import { count, dataFigure, percent } from '../../core/base/numbers'
import { hasBars, typeWords, type Cell, type ColumnKind, type ColumnProfile } from '../../core/data/tables'
import { HistogramBars, TopValues } from './Bars'
import { KindIcon } from './KindIcon'
import classes from './tableView.module.css'

interface Props {
  column: ColumnProfile | undefined
  rows: number
  loading: boolean
}

/** The statistics of one column, beside the rows. */
export function ColumnStatistics({ column, rows, loading }: Props) {
  return (
    <aside className={classes.statistics} aria-label="Column statistics" tabIndex={0}>
      {loading ? <Stack gap="xs"><Skeleton h={20} /><Skeleton h={90} /><Skeleton h={160} /></Stack>
        : column ? <Statistics column={column} rows={rows} /> : <Text size="sm" c="dimmed">Select a cell to see statistics of its column.</Text>}
    </aside>
  )
}

export function Statistics({ column, rows }: { column: ColumnProfile; rows: number }) {
  const ends = column.histogram?.edges
  return (
    <>
      <div className={classes.column}><KindIcon kind={column.kind} size={14} />{column.name}</div>
      <p className={classes.kind} title={column.dtype}>{[typeWords(column), column.categorical && 'categorical', column.role].filter(Boolean).join(' · ')}</p>
      {column.histogram && ends && !hasBars(column) && (
        <div role="img" aria-label={`Histogram of ${column.name}`}>
          <HistogramBars histogram={column.histogram} height={88} />
          <div className={classes.axis}><span>{cellOf(ends[0], column.kind)}</span><span>{cellOf(ends.at(-1), column.kind)}</span></div>
        </div>
      )}
      <dl className={classes.facts}>
        <Fact name="Missing" value={`${count(column.missing)} (${percent(rows ? column.missing / rows : 0)})`} />
        {column.distinct !== null && <Fact name="Distinct" value={count(column.distinct)} />}
        {column.stats && (
          <>
            <Fact name="Minimum" value={cellOf(column.stats.min, column.kind)} />
            <Fact name="First quartile" value={cellOf(column.stats.q1, column.kind)} />
            <Fact name="Median" value={cellOf(column.stats.median, column.kind)} />
            <Fact name="Mean" value={cellOf(column.stats.mean, column.kind)} />
            <Fact name="Third quartile" value={cellOf(column.stats.q3, column.kind)} />
            <Fact name="Maximum" value={cellOf(column.stats.max, column.kind)} />
            {column.stats.std !== null && <Fact name="Standard deviation" value={cellOf(column.stats.std, column.kind)} />}
          </>
        )}
      </dl>
      {(column.top?.[0]?.count ?? 0) > 1 && (
        <>
          <p className={classes.common}>Most common values</p>
          <TopValues column={column} rows={rows} limit={12} counts />
        </>
      )}
    </>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return <><dt>{name}</dt><dd>{value}</dd></>
}

function cellOf(value: Cell | undefined, kind: ColumnKind): string {
  if (typeof value === 'number') return dataFigure(value)
  return value === null || value === undefined ? '–' : cellText(value, kind)
}
