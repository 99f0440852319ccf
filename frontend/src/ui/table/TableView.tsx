import { Button } from '@mantine/core'
import { IconFilter, IconTable } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { EVERYTHING, type Question } from '../../core/data/tables'
import { Empty } from '../Empty'
import { Failure } from '../Failure'
import { ColumnStatistics } from './ColumnStatistics'
import { Grid } from './Grid'
import type { CellPosition } from './cellPosition'
import type { TableSource } from './source'
import classes from './tableView.module.css'
import { Toolbar } from './Toolbar'
import { useRange } from './useRange'
import { useWindows } from './useWindows'

interface Props {
  source: TableSource
  label: string
  /** At the start of the toolbar: which table this is. */
  lead?: ReactNode
  /** Buttons that belong to this table, such as Download. */
  actions?: ReactNode
  /** What is asked at first. */
  asked?: Question
}

/** A table of any length: search, filters, sorting, all its rows, and the statistics of the focused column. */
export function TableView({ source, label, lead, actions, asked: first = EVERYTHING }: Props) {
  const [question, setQuestion] = useState<Question>(first)
  const [focus, setFocus] = useState<CellPosition>({ row: 0, column: 0 })
  const [range, onRange] = useRange()
  const [statistics, setStatistics] = useState(false)
  const [cleared, setCleared] = useState(0)
  const windows = useWindows(source, question, range.first, range.last)
  const ask = (next: Question) => {
    setQuestion(next)
    setFocus((before) => ({ row: Math.min(0, before.row), column: before.column }))
  }
  const clear = () => {
    ask({ ...question, filters: [], search: '' })
    setCleared(cleared + 1)
  }
  const column = source.profile?.columns.find((one) => one.name === windows.columns[focus.column]?.name)
  const asked = question.filters.length > 0 || question.search !== ''
  const loaded = windows.key !== ''
  const none = loaded && !windows.loading && windows.total === 0

  return (
    <div className={classes.view}>
      <Toolbar
        key={cleared} question={question} onAsk={ask} total={loaded ? windows.total : null} columns={windows.columns} profile={source.profile} rows={asked ? source.profile?.rows : undefined}
        statistics={statistics} onStatistics={setStatistics} lead={lead} actions={actions}
      />
      {windows.error && <div className={classes.failure}><Failure error={windows.error} onRetry={windows.retry} /></div>}
      <div className={classes.main}>
        <div className={classes.grid}>
          {(loaded || !windows.error) && <Grid label={label} windows={windows} profile={source.profile} question={question} onAsk={ask} focus={focus} onFocus={setFocus} onRange={onRange} />}
          {none && (
            <div className={classes.none}>
              {asked
                ? <Empty title="No row matches" icon={IconFilter} actions={<Button h={28} variant="default" onClick={clear}>Clear search and filters</Button>} />
                : <Empty title="This table has no rows" icon={IconTable} />}
            </div>
          )}
        </div>
        {statistics && <ColumnStatistics column={column} rows={source.profile?.rows ?? 0} loading={!source.profile} />}
      </div>
    </div>
  )
}
