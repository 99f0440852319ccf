/** The draft's problems and known columns, from the server; fetched again after each saved edit. */
import { create } from 'zustand'
import { splitEnd } from '../core/graph/graph'
import type { Problem } from '../core/base/problems'
import type { Column } from '../core/data/tables'
import { checkPipeline } from '../server/rest'
import { askAfterEdits } from './afterEdits'
import { useDocument } from './document'

interface Checked {
  problems: Problem[]
  byNode: Record<string, Problem[]>
  columns: Record<string, Record<string, Column[] | null>>
}

const NOTHING: Checked = { problems: [], byNode: {}, columns: {} }

export const useCheck = create<Checked>(() => NOTHING)

/**
 * The columns at an input, as its upstream port provides them: an input and an output of one node may share a name,
 * and the response then refers to the output. Null while they are unknown.
 */
export function useArrivingColumns(node: string, port: string | null | undefined): Column[] | null {
  const source = useDocument(({ edges }) => edges.find(([, to]) => to === `${node}.${port}`)?.[0])
  return useCheck(({ columns }) => {
    if (!source) return null
    const end = splitEnd(source)
    return columns[end.node]?.[end.port] ?? null
  })
}

const DEBOUNCE = 250

export function problemsByNode(problems: readonly Problem[]): Record<string, Problem[]> {
  const byNode: Record<string, Problem[]> = {}
  for (const problem of problems) {
    if (problem.node) (byNode[problem.node] ??= []).push(problem)
  }
  return byNode
}

/** Keeps the check up to date until the returned function is called. */
export function watchCheck(pipelineId: string): () => void {
  const { end } = askAfterEdits(async (signal) => {
    const { problems, columns } = await checkPipeline(pipelineId, signal)
    useCheck.setState({ problems, columns, byNode: problemsByNode(problems) })
  }, DEBOUNCE)
  return () => {
    end()
    useCheck.setState(NOTHING)
  }
}
