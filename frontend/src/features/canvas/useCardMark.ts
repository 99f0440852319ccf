import { mostSevere } from '../../core/base/problems'
import { memoryWarning } from '../../core/runs/estimates'
import { isFinished } from '../../core/runs/runs'
import { useCheck } from '../../state/check'
import { useDocument } from '../../state/document'
import { useEstimates } from '../../state/estimates'
import { stepOf, useRun } from '../../state/run'
import { hasGaps } from '../../state/runDraft'
import { useStale } from '../../state/stale'
import { markOf } from '../../ui/markOf'
import { cardMarkOf, type Shown } from './cardMarkOf'

/** That its next run would exceed its memory limit, in words. */
export function useMemoryWarning(id: string): string | null {
  const own = useDocument((state) => state.nodes[id]?.execution?.memory_mb ?? state.execution?.memory_mb)
  return useEstimates((state) => memoryWarning(state.nodes[id], state.memory_limit, own))
}

export function useCardMark(id: string): Shown | null {
  const step = useRun((state) => {
    const step = stepOf(id)(state)
    return step && markOf(step)
  })
  const warned = useRun((state) => {
    const step = stepOf(id)(state)
    return step !== undefined && isFinished(step.state) && (state.logs[id]?.some(({ level }) => level === 'warning') ?? false)
  })
  const gaps = useRun((state) => hasGaps(stepOf(id)(state)))
  const problem = useCheck((state) => state.byNode[id] && mostSevere(state.byNode[id]))
  const stale = useStale((state) => state.stale.has(id))
  const memory = useMemoryWarning(id) !== null
  return cardMarkOf({ step, stale, problem, memory, warnings: warned, gaps })
}
