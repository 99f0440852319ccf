import { Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTargetArrow } from '@tabler/icons-react'
import { count, counted, percent } from '../../core/base/numbers'
import { hasBars, rangeOf, withFilter, type ColumnProfile, type Question } from '../../core/data/tables'
import { HistogramBars, MissingBar, TopValues } from './Bars'
import { FilterButton } from './FilterButton'
import type { Drawn } from './GridRow'
import classes from './grid.module.css'
import { KindIcon } from './KindIcon'

/** Below this share of the rows a most frequent value is not informative. */
const RARE = 0.01
const SKETCH_HEIGHT = 28

interface Props {
  id: string
  drawn: Drawn
  profile: ColumnProfile | undefined
  rows: number
  focused: boolean
  /** Whether the table is a data set: its columns have types and filters. */
  filters: boolean
  question: Question
  onAsk: (question: Question) => void
  onSort: () => void
}

export function HeaderCell({ id, drawn, profile, rows, focused, filters, question, onAsk, onSort }: Props) {
  const { column, left, width, index } = drawn
  const sorted = question.sort?.column === column.name ? (question.sort.descending ? 'descending' : 'ascending') : 'none'
  const filter = question.filters.find((one) => one.column === column.name)
  return (
    <div id={id} className={classes.head} role="columnheader" aria-colindex={index + 2} aria-sort={sorted} data-focused={focused || undefined} data-filtered={filter ? '' : undefined} style={{ left, width }}>
      <div className={classes.title}>
        <button type="button" className={classes.name} tabIndex={-1} onClick={onSort} title={filters ? `${column.name} (${column.dtype}). Click to sort.` : `Sort by ${column.name}`}>
          {filters && <KindIcon kind={column.kind} size={14} />}
          <span>{column.name}</span>
          {column.role === 'label' && (
            <Tooltip label="Label: the column to predict"><IconTargetArrow size={14} stroke={1.6} className={classes.role} aria-label="label" /></Tooltip>
          )}
          {sorted === 'ascending' && <IconArrowUp size={14} stroke={1.6} aria-hidden />}
          {sorted === 'descending' && <IconArrowDown size={14} stroke={1.6} aria-hidden />}
        </button>
        {filters && (
          <FilterButton
            column={column} filter={filter} suggestions={profile?.top?.map((one) => one.value) ?? []}
            onFilter={(next) => onAsk({ ...question, filters: withFilter(question.filters, column.name, next) })}
          />
        )}
      </div>
      {profile && <Summary profile={profile} rows={rows} />}
    </div>
  )
}

function Summary({ profile, rows }: { profile: ColumnProfile; rows: number }) {
  return (
    <>
      <div className={classes.sketch}><Sketch profile={profile} rows={rows} /></div>
      <div className={classes.range}>{(rangeOf(profile) ?? [profile.distinct === null ? '' : counted(profile.distinct, 'value')]).map((end, at) => <span key={at}>{end}</span>)}</div>
      <Tooltip label={`${counted(profile.missing, 'missing value')} (${percent(rows ? profile.missing / rows : 0)})`}>
        <div className={classes.missing}><MissingBar missing={profile.missing} rows={rows} />{profile.missing > 0 && <span className="visually-hidden">{count(profile.missing)} missing</span>}</div>
      </Tooltip>
    </>
  )
}

/** A column's distribution in a few pixels: bars for numbers, the two most frequent values for text and for two numbers; nothing where every value is unique. */
function Sketch({ profile, rows }: { profile: ColumnProfile; rows: number }) {
  if (profile.histogram && !hasBars(profile)) return <HistogramBars histogram={profile.histogram} height={SKETCH_HEIGHT} />
  const most = profile.top?.[0]?.count ?? 0
  return most > 1 && most >= rows * RARE && <TopValues column={profile} rows={rows} limit={2} />
}
