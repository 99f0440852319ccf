import { Skeleton } from '@mantine/core'
import classes from './CanvasPage.module.css'

/** Cards without words: the shape of what is about to appear. */
export function LoadingCanvas() {
  return (
    <div className={classes.loading} aria-busy aria-label="Loading the pipeline" role="status">
      {[120, 148, 96].map((width) => <div key={width} className={classes.ghost}><Skeleton h={28} w={28} radius={7} /><Skeleton h={10} w={width} /></div>)}
    </div>
  )
}
