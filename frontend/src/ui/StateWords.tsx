import type { RunState, StepState } from '../core/runs'
import { STATE_WORDS, StateMark, type MarkState } from './StateMark'

/** A run's or a step's state as a mark and a word. */
export function StateWords({ state, reused = false }: { state: RunState | StepState; reused?: boolean }) {
  const mark: MarkState = state === 'ready' ? 'waiting' : state === 'done' && reused ? 'reused' : state
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, verticalAlign: 'middle' }}>
      <StateMark state={mark} size={16} />
      {STATE_WORDS[mark]}
    </span>
  )
}
