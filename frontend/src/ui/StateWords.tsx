import type { RunState, StepState } from '../core/runs/runs'
import { markOf } from './markOf'
import { GAPS_WORDS, STATE_WORDS, StateMark } from './StateMark'

/** A run's or a step's state as a mark and a word. */
export function StateWords({ state, reused = false, failedItems = 0 }: { state: RunState | StepState; reused?: boolean; failedItems?: number }) {
  const gaps = state === 'done' && failedItems > 0
  const mark = gaps ? 'warning' : markOf({ state, reused })
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, verticalAlign: 'middle' }}>
      <StateMark state={mark} size={16} />
      {gaps ? GAPS_WORDS : STATE_WORDS[mark]}
    </span>
  )
}
