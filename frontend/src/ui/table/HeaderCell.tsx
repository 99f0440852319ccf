import { Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTargetArrow } from '@tabler/icons-react'
import { count, counted, percent } from '../../core/base/numbers'
import { withFilter, type ColumnProfile, type Question } from '../../core/data/tables'
import { HistogramBars, MissingBar, TopValues } from './Bars'
import { FilterButton } from './FilterButton'
import type { Drawn } from './GridRow'
import classes from './grid.module.css'
import { KindIcon } from './KindIcon'

/** Below this share of the rows a most frequent value is not informative. */
const RARE = 0.01

interface Props {
  id: string
  drawn: Drawn
  profile: ColumnProfile | undefined
  rows: number
  focused: boolean
  question: Question
  onAsk: (question: Question) => void
  onSort: () => void
}

export function HeaderCell({ id, drawn, profile, rows, focused, question, onAsk, onSort }: Props) {
  const { column, left, width, index } = drawn
  const sorted = question.sort?.column === column.name ? (question.sort.descending ? 'descending' : 'ascending') : 'none'
  const filter = question.filters.find((one) => one.column === column.name)
  return (
    <div id={id} className={classes.head} role="columnheader" aria-colindex={index + 2} aria-sort={sorted} data-focused={focused || undefined} style={{ left, width }}>
      <div className={classes.title}>
        <button type="button" className={classes.name} tabIndex={-1} onClick={onSort} title={`${column.name} (${column.dtype}). Click to sort.`}>
          <KindIcon kind={column.kind} size={16} />
          <span>{column.name}</span>
          {sorted === 'ascending' && <IconArrowUp size={14} aria-hidden />}
          {sorted === 'descending' && <IconArrowDown size={14} aria-hidden />}
          {column.role === 'label' && (
            <Tooltip label="Label: the column to predict"><IconTargetArrow size={14} aria-label="label" /></Tooltip>
          )}
        </button>
        <FilterButton
          column={column} filter={filter} suggestions={profile?.top?.map((one) => one.value) ?? []}
          onFilter={(next) => onAsk({ ...question, filters: withFilter(question.filters, column.name, next) })}
        />
      </div>
      <div className={classes.sketch}>
        {profile && <HeaderSummary profile={profile} rows={rows} />}
      </div>
      {profile && (
        <Tooltip label={`${counted(profile.missing, 'missing value')} (${percent(rows ? profile.missing / rows : 0)})`} openDelay={300}>
          <div><MissingBar missing={profile.missing} rows={rows} /></div>
        </Tooltip>
      )}
    </div>
  )
}

/** A column's distribution in a few pixels: bars for numbers, the most frequent values for text, a count where every value is unique. */
function HeaderSummary({ profile, rows }: { profile: ColumnProfile; rows: number }) {
  if (profile.histogram) return <HistogramBars histogram={profile.histogram} height={30} />
  const most = profile.top?.[0]?.count ?? 0
  if (most > 1 && most >= rows * RARE) return <TopValues column={profile} rows={rows} limit={2} />
  return profile.distinct !== null && <span className={classes.distinct}>{count(profile.distinct)} distinct</span>
}
