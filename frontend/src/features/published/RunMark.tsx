import { STATE_WORDS, StateMark, type MarkState } from '../../ui/StateMark'

const isMark = (state: string): state is MarkState => state in STATE_WORDS

/** The state of a run, as a mark and a word. */
export function RunMark({ state, progress }: { state: string; progress?: number | null }) {
  const mark = isMark(state) ? state : 'skipped'
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, verticalAlign: 'middle' }}>
      <StateMark state={mark} progress={progress} />
      {isMark(state) ? STATE_WORDS[state] : state.charAt(0).toUpperCase() + state.slice(1)}
    </span>
  )
}
