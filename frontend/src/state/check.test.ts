import { expect, it } from 'vitest'
import type { Problem } from '../core/base/problems'
import { problemsByNode } from './check'

const problem = (node: string | null): Problem =>
  ({ code: 'x', words: '', remedy: null, severity: 'error', node, port: null, param: null, column: null, edge: null, key: null, subject: [] })

it('sorts problems to their nodes and leaves out those of the whole', () => {
  const [one, two, three] = [problem('a'), problem('b'), problem('a')]
  expect(problemsByNode([one, two, three, problem(null)])).toEqual({ a: [one, three], b: [two] })
})
