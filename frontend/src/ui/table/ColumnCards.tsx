import { Center, Loader } from '@mantine/core'
import type { ReactNode } from 'react'
import { counted } from '../../core/base/numbers'
import type { Profile } from '../../core/data/tables'
import { Statistics } from './ColumnStatistics'
import classes from './columnCards.module.css'

/** The statistics of every column, side by side. */
export function ColumnCards({ profile, actions }: { profile: Profile | undefined; actions: ReactNode }) {
  if (!profile) return <Center h="100%"><Loader size="sm" /></Center>
  return (
    <div className={classes.columns}>
      <div className={classes.bar}>
        <span className={classes.size}>{counted(profile.columns.length, 'column')}, {counted(profile.rows, 'row')}</span>
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
