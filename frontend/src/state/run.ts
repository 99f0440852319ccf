/** The followed run: started here or elsewhere, the same after a reload or a lost connection. */

import { create } from 'zustand'
import { follow, FRESH, isFinished, watched, type LogLine, type Run, type RunEvent, type Step, type Watched } from '../core/runs/runs'
import { type ApiError, asApiError, cancelRun, getRun, runAgain, startRun, type StartAsked } from '../server/rest'
import { listen } from '../server/runSocket'

export interface RunWatch {
  run: Run | null
  logs: Record<string, LogLine[]>
  /** True from the click on Run until the server has responded. */
  starting: boolean
  /** The nodes that were requested, before the server has responded: the canvas shows them as queued at once. */
  asked: ReadonlySet<string>
  cancelling: boolean
  connected: boolean
  /** Why the last start, attach or cancel failed. */
  error: ApiError | null
}

const NO_NODES: ReadonlySet<string> = new Set()
const NO_RUN: RunWatch = { run: null, logs: {}, starting: false, asked: NO_NODES, cancelling: false, connected: false, error: null }

export const useRun = create<RunWatch>(() => NO_RUN)

/** A node's step as the canvas shows it. */
export const stepOf = (node: string) => ({ asked, run }: Pick<RunWatch, 'asked' | 'run'>): Step | undefined => (asked.has(node) ? FRESH : run?.steps[node])

let watch: Watched | null = null
let stop: (() => void) | null = null
/** Each attach takes a new number, so that a late response to an earlier one is dropped. */
let attempt = 0

/** Starts a run of a pipeline, up to the given nodes or all of it, and follows it. */
export const start = (pipelineId: string, asked: StartAsked = {}) => followRun(() => startRun(pipelineId, asked))

/** Starts a run again, reusing all that it finished, and follows it. */
export const again = (runId: string) => followRun(() => runAgain(runId))

/** Follows a run that a call makes. The current run stays until the new one is there. */
export async function followRun(made: () => Promise<Run>): Promise<Run | null> {
  const mine = (attempt += 1)
  useRun.setState({ starting: true, error: null })
  try {
    const run = await made()
    if (mine === attempt) show(run)
    return run
  } catch (reason) {
    if (mine === attempt) useRun.setState({ starting: false, asked: NO_NODES, error: asApiError(reason) })
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
  useRun.setState(NO_RUN)
}

export async function cancel(): Promise<void> {
  const run = watch?.run
  if (!run || isFinished(run.state)) return
  useRun.setState({ cancelling: true, error: null })
  await cancelRun(run.id).catch((reason: unknown) => useRun.setState({ cancelling: false, error: asApiError(reason) }))
}

/** Reloads a step's outputs of the followed run: a deferred output is stored once it has been opened. */
export async function refreshOutputs(runId: string, node: string): Promise<void> {
  const fresh = (await getRun(runId).catch(() => null))?.steps[node]
  const current = watch?.run.steps[node]
  if (!fresh || !current || watch?.run.id !== runId) return
  watch = { ...watch, run: { ...watch.run, steps: { ...watch.run.steps, [node]: { ...current, outputs: fresh.outputs } } } }
  useRun.setState({ run: watch.run })
}

/** Listens from the first event on, also for a finished run: the snapshot has no logs, the events do. */
function show(run: Run): void {
  stop?.()
  watch = watched(run)
  useRun.setState({ ...NO_RUN, run })
  stop = listen(run.id, {
    seen: () => watch?.seen ?? 0,
    onEvents: applyEvents,
    onConnection: (connected) => useRun.setState({ connected }),
  })
}

function applyEvents(events: RunEvent[], complete: boolean): boolean {
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
