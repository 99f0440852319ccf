/** The mark of a step or a run: reused steps count as done, ready ones as queued. */
import type { RunState, StepState } from '../core/runs/runs'
import type { MarkState } from './StateMark'

interface Stated {
  state: RunState | StepState
  reused?: boolean
}

export function markOf({ state, reused = false }: Stated): MarkState {
  if (state === 'done' && reused) return 'reused'
  return state === 'ready' ? 'waiting' : state
}
