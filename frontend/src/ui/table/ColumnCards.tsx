import { Center, Loader } from '@mantine/core'
import type { ReactNode } from 'react'
import { count, counted } from '../../core/base/numbers'
import type { Profile } from '../../core/data/tables'
import { Statistics } from './ColumnStatistics'
import classes from './columnCards.module.css'
import view from './tableView.module.css'

interface Props {
  profile: Profile | undefined
  /** At the start of the toolbar: which table this is. */
  lead?: ReactNode
  actions: ReactNode
}

/** The statistics of every column, side by side. */
export function ColumnCards({ profile, lead, actions }: Props) {
  if (!profile) return <Center h="100%"><Loader size="sm" /></Center>
  return (
    <div className={classes.columns}>
      <div className={view.toolbar}>
        {lead}
        <span className={view.count}><b>{count(profile.rows)}</b> {profile.rows === 1 ? 'row' : 'rows'} × {counted(profile.columns.length, 'column')}</span>
        <div className={view.chips} />
        {actions}
      </div>
      <div className={classes.panel} tabIndex={0} role="region" aria-label="Statistics of each column">
        <div className={classes.cards}>
          {profile.columns.map((column) => <div key={column.name} className={classes.card}><Statistics column={column} rows={profile.rows} /></div>)}
        </div>
      </div>
    </div>
  )
}
