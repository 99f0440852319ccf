/** All problems of the pipeline, and how to go to one. */
import { useMemo } from 'react'
import { mergeProblems, warned, type Problem } from '../core/base/problems'
import { warningsOf } from '../core/runs/runs'
import { useCheck } from './check'
import { useDocument } from './document'
import { showNode } from './drawn'
import { useRun } from './run'
import { choose } from './selection'
import { useStale } from './stale'
import { spotlight, useView } from './view'

/** The problems of the last check, then those of a refused run, then failures and warnings of the last run in unchanged nodes. */
export function useProblems(): Problem[] {
  const checked = useCheck((state) => state.problems)
  const refused = useRun((state) => state.error?.problems)
  const steps = useRun((state) => state.run?.steps)
  const logs = useRun((state) => state.logs)
  const nodes = useDocument((state) => state.nodes)
  const stale = useStale((state) => state.stale)
  return useMemo(() => {
    const current = Object.entries(steps ?? {}).filter(([node]) => nodes[node] && !stale.has(node))
    const failed = current.flatMap(([node, step]) => (step.error ? [{ ...step.error, node }] : []))
    const warnings = current.flatMap(([node, step]) => warningsOf(step, logs[node]).map((words) => warned(node, words)))
    return mergeProblems(checked, refused ?? [], failed, warnings)
  }, [checked, refused, steps, logs, nodes, stale])
}

/** Selects the place of a problem and shows it; its setting is highlighted. */
export function goToProblem(problem: Problem) {
  if (problem.edge) choose([], [problem.edge.join('->')])
  if (!problem.node) return
  showNode(problem.node)
  useView.getState().canvas?.reveal(problem.node)
  if (problem.param) spotlight(problem.node, problem.param)
}
