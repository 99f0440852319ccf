/** The shape of the palette until it is known whether the user may edit. */
import { Skeleton } from '@mantine/core'
import { Loading } from './ModuleList'
import classes from './Palette.module.css'

export function LoadingPalette() {
  return (
    <div className={classes.palette} aria-busy>
      <div className={classes.tabs}><Skeleton h={12} w={160} /></div>
      <Skeleton className={classes.find} h={30} w="auto" radius="sm" />
      <div className={classes.body}><Loading /></div>
    </div>
  )
}
