import { ActionIcon, Pill, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconChartHistogram } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { count, counted } from '../../core/base/numbers'
import { filterWords, withFilter, type Column, type Profile, type Question } from '../../core/data/tables'
import { FilterMenu } from './FilterMenu'
import { Search } from './Search'
import classes from './tableView.module.css'

interface Props {
  question: Question
  onAsk: (question: Question) => void
  /** Null until the first rows have arrived. */
  total: number | null
  columns: Column[]
  profile: Profile | undefined
  /** All rows of the table, given when only some of them are shown. */
  rows: number | undefined
  statistics: boolean
  onStatistics: (open: boolean) => void
  lead: ReactNode
  actions: ReactNode
}

/** One line: what is shown, how it is sorted and filtered, and what can be done with it. */
export function Toolbar({ question, onAsk, total, columns, profile, rows, statistics, onStatistics, lead, actions }: Props) {
  return (
    <div className={classes.toolbar}>
      {lead}
      <span className={classes.count} role="status">
        {total !== null && <>{rows === undefined ? <><b>{count(total)}</b> {total === 1 ? 'row' : 'rows'}</> : <><b>{count(total)}</b> of {counted(rows, 'row')}</>} × {counted(columns.length, 'column')}</>}
      </span>
      <div className={classes.chips}>
        {question.sort && <SortChip sort={question.sort} onAsk={(sort) => onAsk({ ...question, sort })} />}
        {question.filters.map((filter) => (
          <Chip key={filter.column} label={`Remove the filter on ${filter.column}`} onRemove={() => onAsk({ ...question, filters: withFilter(question.filters, filter.column, null) })}>{filterWords(filter)}</Chip>
        ))}
      </div>
      <Search search={question.search} onSearch={(search) => onAsk({ ...question, search })} />
      <FilterMenu columns={columns} profile={profile} question={question} onAsk={onAsk} />
      <Tooltip label={statistics ? 'Hide column statistics' : 'Show statistics of the selected column'}>
        <ActionIcon size={28} variant={statistics ? 'light' : 'subtle'} color={statistics ? undefined : 'gray'} aria-label="Column statistics" aria-pressed={statistics} onClick={() => onStatistics(!statistics)}>
          <IconChartHistogram size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      {actions}
    </div>
  )
}

function SortChip({ sort, onAsk }: { sort: NonNullable<Question['sort']>; onAsk: (sort: Question['sort']) => void }) {
  const Arrow = sort.descending ? IconArrowDown : IconArrowUp
  return (
    <Chip label={`Remove the sorting by ${sort.column}`} onRemove={() => onAsk(null)}>
      <Arrow size={12} stroke={1.6} aria-label={sort.descending ? 'Sorted descending' : 'Sorted ascending'} /> {sort.column}
    </Chip>
  )
}

function Chip({ label, onRemove, children }: { label: string; onRemove: () => void; children: ReactNode }) {
  return <Pill className={classes.chip} title={typeof children === 'string' ? children : undefined} withRemoveButton removeButtonProps={{ 'aria-label': label, 'aria-hidden': false, tabIndex: 0 }} onRemove={onRemove}>{children}</Pill>
}
