/** What is wrong, in words, and the place it belongs to. */

export interface Problem {
  code: string
  words: string
  remedy: string | null
  severity: 'error' | 'warning' | 'unfinished'
  node: string | null
  port: string | null
  param: string | null
  column: string | null
  edge: [string, string] | null
  /** The key of the document that it is about, where that is none of its nodes and edges. */
  key: string | null
  /** How the words begin: the node's name, then the setting's, each with what separates it from the rest. */
  subject: string[]
}

/** The sentence without the first names of its subject, for a place that shows them already: 1 for the node's, 2 for the setting's as well. */
export function wordsBeside(problem: Problem, names: 1 | 2): string {
  const rest = problem.words.slice(problem.subject.slice(0, names).join('').length)
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

/** Gravest first; what is unfinished is nothing wrong yet. */
const GRAVITY = ['error', 'warning', 'unfinished'] as const

/** The gravest of some problems. */
export const worst = (problems: readonly Problem[]): Problem['severity'] => GRAVITY.find((severity) => problems.some((problem) => problem.severity === severity)) ?? 'unfinished'

/** Lists of problems as one: what stands in an earlier one is left out of the later, and errors go before warnings, warnings before what is unfinished. */
export function together(...lists: Problem[][]): Problem[] {
  const key = (problem: Problem) => [problem.code, problem.node, problem.port, problem.param, problem.column, problem.edge].join()
  const told = new Set<string>()
  const all = lists.flatMap((list) => {
    const fresh = list.filter((problem) => !told.has(key(problem)))
    fresh.forEach((problem) => told.add(key(problem)))
    return fresh
  })
  return all.sort((one, two) => GRAVITY.indexOf(one.severity) - GRAVITY.indexOf(two.severity))
}
