import { Skeleton } from '@mantine/core'
import classes from './ListSkeleton.module.css'

const WIDTHS = ['42%', '58%', '36%', '50%', '44%', '62%']

/** A list that is loading: its head, and rows of their final height. */
export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className={classes.list} aria-busy>
      <div className={classes.head} />
      {Array.from({ length: rows }, (_, at) => <div key={at} className={classes.row}><Skeleton h={12} w={WIDTHS[at % WIDTHS.length]} /></div>)}
    </div>
  )
}
