import { describe, expect, it } from 'vitest'
import type { Edge } from '../graph/graph'
import { leftWords, runProgress, secondsLeft } from './progress'
import { FRESH, type Step } from './runs'

const NOW = Date.parse('2026-01-01T00:00:10Z')
const step = (changes: Partial<Step>): Step => ({ ...FRESH, ...changes })
const done = step({ state: 'done' })
const running = (changes: Partial<Step> = {}) => step({ state: 'running', started_at: '2026-01-01T00:00:06Z', ...changes })

describe('the progress of a run', () => {
  it('counts finished steps, and a running one by its own progress', () => {
    const steps = { a: done, b: step({ state: 'failed' }), c: running({ progress: { done: 1, total: 4, words: '' } }), d: FRESH }
    expect(runProgress({ steps })).toEqual({ finished: 2, total: 4, share: 2.25 / 4 })
    expect(runProgress({ steps: {} })).toEqual({ finished: 0, total: 0, share: 0 })
  })

  it('ignores a progress without a total', () => {
    expect(runProgress({ steps: { a: running({ progress: { done: 5, total: null, words: '' } }) } }).share).toBe(0)
  })
})

describe('the time left', () => {
  const order = ['a', 'left', 'right', 'end']
  const edges: Edge[] = [['a.t', 'left.t'], ['a.t', 'right.t'], ['left.t', 'end.one'], ['right.t', 'end.two']]
  const expected = { a: { seconds: 5 }, left: { seconds: 3 }, right: { seconds: 8 }, end: { seconds: 2 } }
  const left = (steps: Record<string, Step>, known: Record<string, { seconds: number }> = expected) => secondsLeft({ steps }, order, edges, known, NOW)

  it('is that of the longest chain, not of all steps', () => {
    expect(left({ a: FRESH, left: FRESH, right: FRESH, end: FRESH })).toBe(15)
    expect(left({ a: done, left: FRESH, right: done, end: FRESH })).toBe(5)
    expect(left({ a: done, left: done, right: done, end: done })).toBe(0)
  })

  it('takes off what a running step has taken, or trusts its progress more', () => {
    expect(left({ a: done, left: done, right: running(), end: FRESH })).toBe(6)
    expect(left({ a: done, left: done, right: running({ progress: { done: 1, total: 2, words: '' } }), end: FRESH })).toBe(6)
    expect(left({ a: done, left: done, right: running({ progress: { done: 1, total: 5, words: '' } }), end: FRESH })).toBe(18)
  })

  it('is unknown with a step that has never run, or that takes longer than before', () => {
    expect(left({ a: done, left: FRESH }, {})).toBeNull()
    expect(left({ a: done, left: running() })).toBeNull()
  })

  it('is told in rough words', () => {
    expect([0.2, 13.2, 89.5, 125, 7200].map(leftWords)).toEqual(['less than 1\u00a0s left', 'about 14\u00a0s left', 'about 90\u00a0s left', 'about 2\u00a0min left', 'about 2\u00a0h left'])
  })
})
