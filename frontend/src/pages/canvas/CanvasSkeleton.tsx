import { Skeleton } from '@mantine/core'
import { useView } from '../../state/view'
import { useNarrow } from '../../ui/useNarrow'
import classes from './CanvasSkeleton.module.css'

const MODULES = [104, 128, 96, 144, 112, 136, 88, 120, 104, 140, 96, 128]

/** The canvas page while its code loads: bar, panels and drawer where they will be. */
export function CanvasSkeleton() {
  const { open, size } = useView.getState()
  const narrow = useNarrow()
  return (
    <div className={classes.page} aria-busy aria-label="Loading the pipeline" role="status">
      <div className={classes.bar}><Skeleton h={24} w={24} radius="sm" /><Skeleton h={12} w={140} /></div>
      <div className={classes.middle}>
        {!narrow && open.palette && <div className={classes.palette} style={{ width: size.palette }}>{MODULES.map((width, at) => <div key={at}><Skeleton h={20} w={20} radius="xs" /><Skeleton h={10} w={width} /></div>)}</div>}
        <div className={classes.centre}><div className={classes.drawer} style={{ height: open.drawer ? size.drawer : undefined }} /></div>
        {!narrow && open.inspector && <div className={classes.panel} style={{ width: size.inspector }}><Skeleton h={18} w={160} /><Skeleton h={10} w={220} /></div>}
      </div>
    </div>
  )
}
