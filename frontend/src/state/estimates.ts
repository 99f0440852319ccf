/** Estimates for the steps of the draft; fetched again after each saved edit and each run. */
import { create } from 'zustand'
import type { Estimates } from '../core/runs/estimates'
import { isFinished } from '../core/runs/runs'
import { getEstimates } from '../server/rest'
import { askAfterEdits } from './afterEdits'
import { useRun, type RunWatch } from './run'

const NOTHING: Estimates = { nodes: {}, memory_limit: null }

export const useEstimates = create<Estimates>(() => NOTHING)

const DEBOUNCE = 1000

const ended = ({ run }: RunWatch) => (run && isFinished(run.state) ? run.id : null)

/** Keeps the estimates up to date until the returned function is called. */
export function watchEstimates(pipelineId: string): () => void {
  const { later, end } = askAfterEdits(async (signal) => useEstimates.setState(await getEstimates(pipelineId, signal)), DEBOUNCE)
  const unsubscribe = useRun.subscribe((now, before) => {
    if (ended(now) !== ended(before)) later()
  })
  return () => {
    end()
    unsubscribe()
    useEstimates.setState(NOTHING, true)
  }
}
