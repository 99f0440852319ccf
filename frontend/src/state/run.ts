/** The run being watched: started here or elsewhere, the same after a reload or a lost connection. */

import { create } from 'zustand'
import { follow, FRESH, isFinished, watched, type LogLine, type Run, type RunEvent, type Step, type Watched } from '../core/runs'
import { type ApiError, asApiError, cancelRun, getRun, runAgain, startRun, type StartAsked } from '../server/rest'
import { listen } from '../server/runSocket'

export interface RunWatch {
  run: Run | null
  logs: Record<string, LogLine[]>
  /** True from the click on Run until the server has answered. */
  starting: boolean
  /** The nodes that were asked to run and of which the server has not answered yet: they wait, and the canvas says so at once. */
  asked: ReadonlySet<string>
  cancelling: boolean
  connected: boolean
  /** Why the last start, attach or cancel did not happen. */
  error: ApiError | null
}

const NONE: ReadonlySet<string> = new Set()
const NOTHING: RunWatch = { run: null, logs: {}, starting: false, asked: NONE, cancelling: false, connected: false, error: null }

export const useRun = create<RunWatch>(() => NOTHING)

/** A node's step as the canvas shows it. */
export const stepOf = (node: string) => ({ asked, run }: RunWatch): Step | undefined => (asked.has(node) ? FRESH : run?.steps[node])

let watch: Watched | null = null
let stop: (() => void) | null = null
/** Each attach takes a new number, so that a late answer to an earlier one is dropped. */
let attempt = 0

/** Start a run of a pipeline, up to the given nodes or all of it, and watch it. */
export const start = (pipelineId: string, asked: StartAsked = {}) => watchNew(() => startRun(pipelineId, asked))

/** Start what a run did once more, with all that it finished, and watch it. */
export const again = (runId: string) => watchNew(() => runAgain(runId))

/** What was watched stays until the new run is here. */
async function watchNew(made: () => Promise<Run>): Promise<Run | null> {
  const mine = (attempt += 1)
  useRun.setState({ starting: true, error: null })
  try {
    const run = await made()
    if (mine === attempt) show(run)
    return run
  } catch (reason) {
    if (mine === attempt) useRun.setState({ starting: false, asked: NONE, error: asApiError(reason) })
    return null
  }
}

export async function attach(runId: string): Promise<void> {
  if (watch?.run.id === runId) return
  const mine = (attempt += 1)
  useRun.setState({ starting: false, error: null })
  try {
    const run = await getRun(runId)
    if (mine === attempt) show(run)
  } catch (reason) {
    if (mine === attempt) useRun.setState({ error: asApiError(reason) })
  }
}

export function detach(): void {
  attempt += 1
  stop?.()
  stop = null
  watch = null
  useRun.setState(NOTHING)
}

export async function cancel(): Promise<void> {
  const run = watch?.run
  if (!run || isFinished(run.state)) return
  useRun.setState({ cancelling: true, error: null })
  await cancelRun(run.id).catch((reason: unknown) => useRun.setState({ cancelling: false, error: asApiError(reason) }))
}

/** What a step of the watched run left, as it is told by now: what was passed on is kept once somebody has looked. */
export async function retell(runId: string, node: string): Promise<void> {
  const told = (await getRun(runId).catch(() => null))?.steps[node]
  const held = watch?.run.steps[node]
  if (!told || !held || watch?.run.id !== runId) return
  watch = { ...watch, run: { ...watch.run, steps: { ...watch.run.steps, [node]: { ...held, outputs: told.outputs } } } }
  useRun.setState({ run: watch.run })
}

/** Listen from the first event on, also for a finished run: the snapshot holds no logs, the events do. */
function show(run: Run): void {
  stop?.()
  watch = watched(run)
  useRun.setState({ ...NOTHING, run })
  stop = listen(run.id, {
    seen: () => watch?.seen ?? 0,
    onEvents: take,
    onConnection: (connected) => useRun.setState({ connected }),
  })
}

function take(events: RunEvent[], complete: boolean): boolean {
  if (!watch) return true
  const { after, gap } = follow(watch, events, complete)
  watch = after
  useRun.setState((now) => ({ run: after.run, logs: after.logs, cancelling: now.cancelling && !isFinished(after.run.state) }))
  if (isFinished(after.run.state) && after.seen >= after.run.last_event) {
    stop?.()
    stop = null
  }
  return !gap
}
