import { counted } from '../../core/base/numbers'
import { mostSevere } from '../../core/base/problems'
import { useCheck } from '../../state/check'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import { markOf } from '../../ui/markOf'
import { STATE_WORDS } from '../../ui/StateMark'
import { cardNameId } from './useFlowElements'

/** The accessible name of the card: its name, the state of its step, its problems and its note. */
export function SpokenName({ id, title, note }: { id: string; title: string; note: string | undefined }) {
  const step = useRun(stepOf(id))
  const stale = useStale((state) => state.stale.has(id))
  const problems = useCheck((state) => state.byNode[id])
  const wrong = problems && (mostSevere(problems) === 'unfinished' ? 'not finished' : counted(problems.length, 'problem'))
  const words = [title, step && STATE_WORDS[markOf(step)].toLowerCase(), step?.failed_items && `${counted(step.failed_items, 'item')} failed`, stale && 'the result is outdated', wrong, note && `note: ${note}`].filter(Boolean)
  return <span id={cardNameId(id)} className="visually-hidden">{words.join(', ')}</span>
}
