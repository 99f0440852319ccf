import { duration } from '../../core/base/numbers'
import { runSeconds } from '../../core/runs/runs'
import { useRun } from '../../state/run'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import classes from './CanvasPage.module.css'

/** When the last run ended, and how long it took. A running one is in the bar. */
export function LastRun() {
  const run = useRun((state) => state.run)
  if (!run?.finished_at) return null
  const seconds = runSeconds(run, 0)
  return (
    <span className={classes.last}>
      {run.state !== 'done' && <><StateMark state={run.state} size={14} /><span className="visually-hidden">{STATE_WORDS[run.state]}</span></>}
      Last run <Timestamp at={run.finished_at} />{seconds !== null && ` · ${duration(seconds)}`}
    </span>
  )
}
