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
