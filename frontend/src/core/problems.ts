/** What is wrong, in words, and the place it belongs to. */

export interface Problem {
  code: string
  words: string
  remedy: string | null
  severity: 'error' | 'warning'
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
