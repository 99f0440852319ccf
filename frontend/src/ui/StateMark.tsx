/** The state of a step as a shape as well as a colour. */
import { IconBan, IconCircleCheckFilled, IconCircleXFilled, IconClock, IconPlayerSkipForward, IconRecycle } from '@tabler/icons-react'
import classes from './StateMark.module.css'

export type MarkState = 'waiting' | 'running' | 'done' | 'reused' | 'failed' | 'skipped' | 'cancelled'

export const STATE_WORDS: Record<MarkState, string> = {
  waiting: 'Waiting', running: 'Running', done: 'Done', reused: 'Reused', failed: 'Failed', skipped: 'Skipped', cancelled: 'Cancelled',
}

export function StateMark({ state, size = 16 }: { state: MarkState; size?: number }) {
  const shared = { size, 'aria-hidden': true, className: classes[state] }
  switch (state) {
    case 'running': return <span className={classes.spinner} style={{ width: size - 2, height: size - 2 }} aria-hidden />
    case 'done': return <IconCircleCheckFilled {...shared} />
    case 'reused': return <IconRecycle {...shared} stroke={2} />
    case 'failed': return <IconCircleXFilled {...shared} />
    case 'skipped': return <IconPlayerSkipForward {...shared} stroke={1.8} />
    case 'cancelled': return <IconBan {...shared} stroke={1.8} />
    case 'waiting': return <IconClock {...shared} stroke={1.8} />
  }
}
