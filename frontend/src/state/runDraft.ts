/** Runs the draft after it is saved, so that the server runs what the user sees. */
import { create } from 'zustand'
import type { Json, Params } from '../core/base/json'
import { upstream } from '../core/graph/graph'
import { isFinished, type Run, type Step } from '../core/runs/runs'
import { startSweep, type StartAsked } from '../server/rest'
import { useDocument } from './document'
import { again, start, useRun, type RunWatch } from './run'
import { save, load } from './storage'
import { showTab } from './view'

const PATIENCE = 4000

function saved(): Promise<void> {
  if (useDocument.getState().saved !== 'saving') return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
    const timer = setTimeout(done, PATIENCE)
    const unsubscribe = useDocument.subscribe(({ saved: state }) => state !== 'saving' && done())
  })
}

const STOP_EARLY = 'stop_early'

/** Whether a run ends at its first failure, or continues with independent steps: the user's last choice. */
export const useStopEarly = create<{ on: boolean }>(() => ({ on: load(STOP_EARLY, false) }))

export function toggleStopEarly() {
  const on = !useStopEarly.getState().on
  useStopEarly.setState({ on })
  save(STOP_EARLY, on)
}

/** The last run started in this window. */
export const useStarted = create<{ run: Run | null }>(() => ({ run: null }))

export const isBusy = ({ run, starting }: RunWatch) => starting || (run !== null && !isFinished(run.state))

type Asked = Pick<StartAsked, 'to' | 'force' | 'force_nodes'>

/** A run that waits for the values of the pipeline's parameters; null while none does. */
export const useRunWith = create<{ asked: Asked | null }>(() => ({ asked: null }))

/** Runs the draft. For a pipeline with parameters, their values are asked for first. */
export async function runDraft(asked: Asked = {}) {
  if (Object.keys(useDocument.getState().parameters).length > 0) useRunWith.setState({ asked })
  else await runWith(asked, {})
}

export async function runWith(asked: Asked, parameters: Params, preset = '') {
  const { pipelineId } = useDocument.getState()
  useRunWith.setState({ asked: null })
  if (!pipelineId || isBusy(useRun.getState())) return
  const { nodes, edges } = useDocument.getState()
  useRun.setState({ starting: true, asked: new Set(asked.to ? [...asked.to, ...upstream(edges, asked.to)] : Object.keys(nodes)) })
  await saved()
  const run = await start(pipelineId, { ...asked, parameters, preset, stop_on_failure: useStopEarly.getState().on })
  if (run) useStarted.setState({ run })
  if (!run && (useRun.getState().error?.problems.length ?? 0) > 0) showTab('problems')
}

/** Runs the draft with every combination of values; returns the sweep. Throws what the server refuses. */
export async function sweepDraft({ to }: Asked, values: Readonly<Record<string, readonly Json[]>>, preset = ''): Promise<string | null> {
  const { pipelineId } = useDocument.getState()
  if (!pipelineId) return null
  await saved()
  const { id } = await startSweep({ pipeline: pipelineId, values, preset, to: to ?? null, stop_on_failure: useStopEarly.getState().on })
  useRunWith.setState({ asked: null })
  return id
}

/** Whether items of a step failed. It is not reused, so that a further run executes those, and only those. */
export const hasGaps = (step: Step | undefined) => (step?.failed_items ?? 0) > 0

/** Whether a step is over; what it has not begun of its items is left out then. */
export const hasEnded = (step: Step | undefined) => step !== undefined && step.state !== 'waiting' && step.state !== 'running'

/** A failed or cancelled run, or one with failed items, can be continued: the same graph, reusing all that it finished. */
export const canRunAgain = ({ run }: RunWatch) => run !== null && (run.state === 'failed' || run.state === 'cancelled' || (run.state === 'done' && Object.values(run.steps).some(hasGaps)))

export async function runAgain() {
  const { run } = useRun.getState()
  if (!run || isBusy(useRun.getState())) return
  useRun.setState({ starting: true, asked: new Set(Object.keys(run.steps)) })
  await again(run.id)
}
