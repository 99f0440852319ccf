import type { RunState, StepState } from '../core/runs/runs'
import { markOf } from './markOf'
import { STATE_WORDS, StateMark } from './StateMark'

/** A run's or a step's state as a mark and a word. */
export function StateWords({ state, reused = false }: { state: RunState | StepState; reused?: boolean }) {
  const mark = markOf({ state, reused })
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, verticalAlign: 'middle' }}>
      <StateMark state={mark} size={16} />
      {STATE_WORDS[mark]}
    </span>
  )
}
