import { ActionIcon, Pill, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconChartHistogram, IconSearch, IconX } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { count, counted } from '../../core/base/numbers'
import { filterWords, withFilter, type Question } from '../../core/data/tables'
import classes from './tableView.module.css'

interface Props {
  question: Question
  onAsk: (question: Question) => void
  total: number
  columns: number
  /** All rows of the table, given when only some of them are shown. */
  rows: number | undefined
  statistics: boolean
  onStatistics: (open: boolean) => void
  actions: ReactNode
}

export function Toolbar({ question, onAsk, total, columns, rows, statistics, onStatistics, actions }: Props) {
  return (
    <div className={classes.toolbar}>
      <Search search={question.search} onSearch={(search) => onAsk({ ...question, search })} />
      {question.filters.map((filter) => (
        <Pill
          key={filter.column} withRemoveButton removeButtonProps={{ 'aria-label': `Remove the filter on ${filter.column}`, 'aria-hidden': false, tabIndex: 0 }}
          onRemove={() => onAsk({ ...question, filters: withFilter(question.filters, filter.column, null) })}
        >
          {filterWords(filter)}
        </Pill>
      ))}
      <span className={classes.count} role="status">
        {rows === undefined ? counted(total, 'row') : `${count(total)} of ${counted(rows, 'row')}`} × {counted(columns, 'column')}
      </span>
      <Tooltip label={statistics ? 'Hide column statistics' : 'Show statistics of the selected column'}>
        <ActionIcon variant={statistics ? 'light' : 'subtle'} aria-label="Column statistics" aria-pressed={statistics} onClick={() => onStatistics(!statistics)}>
          <IconChartHistogram size={18} />
        </ActionIcon>
      </Tooltip>
      {actions}
    </div>
  )
}

const PAUSE = 300

/** Searches the text columns, shortly after the last key. */
function Search({ search, onSearch }: { search: string; onSearch: (search: string) => void }) {
  const [typed, setTyped] = useState(search)
  const later = useDebouncedCallback(onSearch, PAUSE)
  return (
    <TextInput
      size="xs" w={200} placeholder="Search text columns" aria-label="Search text columns" leftSection={<IconSearch size={14} />} value={typed}
      onChange={(event) => { setTyped(event.currentTarget.value); later(event.currentTarget.value.trim()) }}
      rightSection={typed && <ActionIcon size="xs" variant="subtle" color="gray" aria-label="Clear search" onClick={() => { setTyped(''); onSearch('') }}><IconX size={12} /></ActionIcon>}
    />
  )
}
