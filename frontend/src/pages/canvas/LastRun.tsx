import { UnstyledButton } from '@mantine/core'
import { useMemo } from 'react'
import { duration, metric } from '../../core/base/numbers'
import { headlineOf, type Headline } from '../../core/runs/headlines'
import { runSeconds } from '../../core/runs/runs'
import { useRun } from '../../state/run'
import { choosePort } from '../../state/selection'
import { showTab } from '../../state/view'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import classes from './CanvasPage.module.css'

function showReport({ node, port }: Headline) {
  choosePort({ node, port })
  showTab('results')
}

/** When the last run ended, how long it took, and its metric, which opens the report. A running one is in the bar. */
export function LastRun() {
  const run = useRun((state) => state.run)
  const headline = useMemo(() => run && headlineOf(run), [run])
  if (!run?.finished_at) return null
  const seconds = runSeconds(run, 0)
  return (
    <span className={classes.last}>
      {run.state !== 'done' && <><StateMark state={run.state} size={14} /><span className="visually-hidden">{STATE_WORDS[run.state]}</span></>}
      Last run <Timestamp at={run.finished_at} />{seconds !== null && ` · ${duration(seconds)}`}
      {headline && <><span>·</span><UnstyledButton className={classes.report} onClick={() => showReport(headline)}>{headline.title} <b className="figures">{metric(headline.value)}</b></UnstyledButton></>}
    </span>
  )
}
