/** What the modules of a folded card are together: their state, their problems, and whether their results are outdated. */
import { mostSevere, type Problem } from '../../core/base/problems'
import { groupState, type GroupState } from '../../core/runs/groupState'
import { useCheck } from '../../state/check'
import { useDrawn } from '../../state/drawn'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import { cardMarkOf, type Shown } from './cardMarkOf'

const NONE: readonly string[] = []

export interface Folded extends GroupState {
  members: readonly string[]
  stale: boolean
  problems: Problem[]
  shown: Shown | null
}

export function useFolded(id: string): Folded {
  const members = useDrawn((state) => state.members.get(id) ?? NONE)
  // A string, so that it renders only on change.
  const told = useRun((state) => JSON.stringify(groupState(members, (node) => stepOf(node)(state))))
  const state = JSON.parse(told) as GroupState
  const stale = useStale(({ stale: outdated }) => members.some((node) => outdated.has(node)))
  const gaps = useRun((run) => members.some((node) => (stepOf(node)(run)?.failed_items ?? 0) > 0))
  const byNode = useCheck((check) => check.byNode)
  const problems = members.flatMap((node) => byNode[node] ?? [])
  const problem = problems.length > 0 ? mostSevere(problems) : undefined
  return { ...state, members, stale, problems, shown: cardMarkOf({ step: state.state, stale, problem, memory: false, warnings: false, gaps }) }
}
