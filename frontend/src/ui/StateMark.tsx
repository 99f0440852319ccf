/** The state of a step or a run, as a shape as well as a colour. */
import classes from './StateMark.module.css'

export type MarkState = 'waiting' | 'running' | 'done' | 'reused' | 'stale' | 'warning' | 'failed' | 'skipped' | 'cancelled'

export const STATE_WORDS: Record<MarkState, string> = {
  waiting: 'Waiting', running: 'Running', done: 'Done', reused: 'Reused', stale: 'Outdated', warning: 'Done with a warning', failed: 'Failed', skipped: 'Skipped', cancelled: 'Cancelled',
}

/** A step that is done, though items of it failed. */
export const GAPS_WORDS = 'Done with gaps'

const SHAPES: Record<MarkState, React.ReactNode> = {
  waiting: <circle cx="8" cy="8" r="6.3" strokeDasharray="2.2 2.75" />,
  running: <><circle className={classes.track} cx="8" cy="8" r="6.2" /><circle className={classes.arc} cx="8" cy="8" r="6.2" pathLength="100" /></>,
  done: <><circle className={classes.filled} cx="8" cy="8" r="7" /><path className={classes.cut} d="m5 8.2 2.1 2.1L11 6.2" /></>,
  reused: <path d="M13.9 6.2A6.3 6.3 0 1 0 14.3 8M14.6 2.9v3.4h-3.4M5.4 8.3l1.8 1.8 3.4-3.6" />,
  stale: <path d="M2.2 6A6.3 6.3 0 1 1 1.8 9M1.6 2.8V6h3.2M8 5v3.3l2 1.4" />,
  warning: <path d="M8 2 14.6 13.6H1.4zM8 6.4v3M8 11.6v.1" />,
  failed: <><path className={classes.filled} d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" /><path className={classes.cut} d="m5.8 5.8 4.4 4.4M10.2 5.8 5.8 10.2" /></>,
  skipped: <path d="m3 3.5 5 4.5-5 4.5zM8.5 3.5l5 4.5-5 4.5z" />,
  cancelled: <><circle cx="8" cy="8" r="6.3" /><path d="m3.6 3.6 8.8 8.8" /></>,
}

/** `progress` is the share done, 0 to 1; a running mark without it turns. */
export function StateMark({ state, size = 16, progress }: { state: MarkState; size?: number; progress?: number | null }) {
  const arc = state === 'running' && typeof progress === 'number' ? { '--arc': `${Math.round(Math.min(1, progress) * 100)}` } as React.CSSProperties : undefined
  return <svg key={state} viewBox="0 0 16 16" width={size} height={size} className={classes.mark} data-state={state} data-progress={arc ? '' : undefined} style={arc} aria-hidden>{SHAPES[state]}</svg>
}
