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
}

/** The sentence without the names of its node and its setting, for a place that shows them already. */
export function wordsBeside(problem: Problem, node: string, setting = ''): string {
  const starts = [`${node}: `, ...(setting ? [`${setting}: `, `${setting} `] : [])]
  const rest = starts.reduce((words, start) => (words.startsWith(start) ? words.slice(start.length) : words), problem.words)
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
