/** A problem in words, and its place. */
import type { Schemas } from './schemas'

export type Problem = Schemas['Problem']

/** The sentence without the first parts of its subject, where these are already shown: 1 for the node's, 2 for the setting's as well. */
export function wordsWithoutSubject(problem: Problem, names: 1 | 2): string {
  const rest = problem.words.slice(problem.subject.slice(0, names).join('').length)
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

/** Most severe first; an unfinished part is not an error. */
const SEVERITIES = ['error', 'warning', 'unfinished'] as const

/** The most severe of some problems. */
export const mostSevere = (problems: readonly Problem[]): Problem['severity'] => SEVERITIES.find((severity) => problems.some((problem) => problem.severity === severity)) ?? 'unfinished'

/** The code of what a step of the last run warned of; it may warn of several things. */
const WARNED = 'warned'

/** A warning of a step as a problem of its node. */
export const warned = (node: string, words: string): Problem => ({ code: WARNED, severity: 'warning', node, words, subject: [], port: null, param: null, column: null, edge: null, remedy: null, key: null })

/** Merges lists of problems: duplicates of an earlier list are left out; errors come before warnings, warnings before unfinished parts. */
export function mergeProblems(...lists: Problem[][]): Problem[] {
  const key = (problem: Problem) => [problem.code, problem.node, problem.port, problem.param, problem.column, problem.edge, problem.code === WARNED && problem.words].join()
  const seen = new Set<string>()
  const all = lists.flatMap((list) => {
    const fresh = list.filter((problem) => !seen.has(key(problem)))
    fresh.forEach((problem) => seen.add(key(problem)))
    return fresh
  })
  return all.sort((one, two) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(two.severity))
}
