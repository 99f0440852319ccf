/** How far the run is, in words and as a line under the bar. */
import { Tooltip } from '@mantine/core'
import { useMemo } from 'react'
import { duration } from '../../core/base/numbers'
import { flowOrder } from '../../core/graph/flowOrder'
import type { Graph } from '../../core/graph/graph'
import { leftWords, runProgress, secondsLeft } from '../../core/runs/progress'
import { runSeconds, waitsFor, type Run } from '../../core/runs/runs'
import { useEstimates } from '../../state/estimates'
import { useRun } from '../../state/run'
import { isBusy } from '../../state/runDraft'
import { StateMark } from '../../ui/StateMark'
import { useNow } from '../../ui/useNow'
import classes from './TopBar.module.css'

/** A run may send hundreds of events a second: words and line are updated at this pace. */
const TICK = 400

/** Why the run has not started. */
function Waiting({ words }: { words: string }) {
  return <Tooltip label={words}><span className={`${classes.status} ${classes.waits}`} role="status"><StateMark state="waiting" size={14} /><span>{words}</span></span></Tooltip>
}

/** The time left where earlier runs tell it, else the time since the start. */
function useTimeWords(run: Run, now: number): string | null {
  const graph = run.graph as Graph
  const order = useMemo(() => flowOrder(graph), [graph])
  const left = secondsLeft(run, order, graph.edges, useEstimates.getState().nodes, now)
  if (left !== null && left > 0) return leftWords(left)
  const seconds = runSeconds(run, now)
  return seconds === null ? null : `${seconds < 60 ? `${Math.floor(seconds)}\u00a0s` : duration(seconds)} so far`
}

function Running({ run, now }: { run: Run; now: number }) {
  const { finished, total } = runProgress(run)
  const time = useTimeWords(run, now)
  return <span className={classes.status}><b>{finished} of {total}</b>{time && ` · ${time}`}</span>
}

/** Reads the store at every tick rather than at every event. */
function Ticking() {
  const now = useNow(true, TICK)
  const { run, starting } = useRun.getState()
  const words = run && waitsFor(run)
  if (words) return <Waiting words={words} />
  if (starting || !run) return <span className={classes.status}>Starting…</span>
  return <Running run={run} now={now} />
}

export function RunStatus() {
  const busy = useRun(isBusy)
  return busy ? <Ticking /> : null
}

function Line({ busy }: { busy: boolean }) {
  useNow(busy, TICK)
  const { run, starting } = useRun.getState()
  const share = starting || !run ? 0 : runProgress(run).share
  const percent = Math.round(100 * (busy ? share : 1))
  return (
    <span className={classes.line} data-busy={busy || undefined} {...(busy && { role: 'progressbar', 'aria-label': 'Progress of the run', 'aria-valuenow': percent })}>
      <span style={{ width: `${percent}%` }} />
    </span>
  )
}

/** Of the share of the steps that have finished; it fades when the run ends. A new run has a new line, which starts at the left. */
export function RunLine() {
  const busy = useRun(isBusy)
  const id = useRun(({ run, starting }) => (starting ? 'starting' : run?.id))
  return id === undefined ? null : <Line key={id} busy={busy} />
}
