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

/** Merges lists of problems: duplicates of an earlier list are left out; errors come before warnings, warnings before unfinished parts. */
export function mergeProblems(...lists: Problem[][]): Problem[] {
  const key = (problem: Problem) => [problem.code, problem.node, problem.port, problem.param, problem.column, problem.edge].join()
  const seen = new Set<string>()
  const all = lists.flatMap((list) => {
    const fresh = list.filter((problem) => !seen.has(key(problem)))
    fresh.forEach((problem) => seen.add(key(problem)))
    return fresh
  })
  return all.sort((one, two) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(two.severity))
}
