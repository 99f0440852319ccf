import { VERSION_WORDS } from '../../core/endpoints/endpoints'
import type { MarkState } from '../../ui/StateMark'
import { StateMark } from '../../ui/StateMark'

const MARKS: Record<string, MarkState> = { building: 'running', proving: 'running', ready: 'reused', serving: 'done', draining: 'stale', stopped: 'cancelled', failed: 'failed' }

/** The state of a version, as a mark and a word. */
export function VersionState({ state }: { state: string }) {
  return (
    <span title={VERSION_WORDS[state]} style={{ display: 'inline-flex', alignItems: 'center', gap: 6, verticalAlign: 'middle' }}>
      <StateMark state={MARKS[state] ?? 'waiting'} />
      {state.charAt(0).toUpperCase() + state.slice(1)}
    </span>
  )
}
