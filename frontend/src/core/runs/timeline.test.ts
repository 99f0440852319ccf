import { describe, expect, it } from 'vitest'
import type { Run, Step } from './runs'
import { timeline } from './timeline'

const NOW = Date.parse('2026-01-01T00:01:40Z')
const at = (second: number) => new Date(NOW - 100_000 + second * 1000).toISOString()

function step(from: number | null, to: number | null, state: Step['state'] = 'done'): Step {
  return {
    state, reused: false, why: null, attempt: 1, tries: 0, ready_at: null, peak_bytes: null, fans: 0, failed_items: 0, started_at: from === null ? null : at(from), finished_at: to === null ? null : at(to),
    seconds: null, progress: null, error: null, outputs: {},
  }
}

function run(steps: Record<string, Step>, more: Partial<Run> = {}): Run {
  return {
    id: 'r', pipeline: null, workspace: 'w', state: 'done', created_at: at(0), started_at: at(0), finished_at: at(100), started_by: '', last_event: 0, to: null, force: false, force_nodes: [], stop_on_failure: false, waiting_for: null, left_out: [], parameters: {}, sweep: null, verifies: null, headline: null, steps,
    graph: { format: 1, name: 'x', nodes: {}, edges: [['a.out', 'c.in'], ['b.out', 'c.in2'], ['c.out', 'd.in']], parameters: {}, frames: [], notes: [] }, ...more,
  }
}

describe('timeline', () => {
  it('places steps as shares of the run, in the order they started', () => {
    const { seconds, rows } = timeline(run({ c: step(50, 75), a: step(0, 50) }), NOW, (_, node) => node)
    expect(seconds).toBe(100)
    expect(rows.map(({ node, from, to, seconds: took }) => [node, from, to, took])).toEqual([['a', 0, 0.5, 50], ['c', 0.5, 0.75, 25]])
  })

  it('follows the slowest chain', () => {
    const { rows } = timeline(run({ a: step(0, 10), b: step(0, 40), c: step(40, 60), d: step(60, 100), apart: step(0, 99) }), NOW, (_, node) => node)
    expect(rows.filter((row) => row.critical).map((row) => row.node).sort()).toEqual(['b', 'c', 'd'])
  })

  it('lets a running step reach until now and leaves a waiting one out', () => {
    const { rows } = timeline(run({ a: step(50, null, 'running'), c: step(null, null, 'waiting') }, { state: 'running', finished_at: null }), NOW, (_, node) => node)
    expect(rows.map(({ from, to }) => [from, to])).toEqual([[0.5, 1], [null, null]])
  })

  it('has no scale where every step was reused or all of it took less than the scale could tell', () => {
    const scaled = (steps: Record<string, Step>, took: number) => timeline(run(steps, { started_at: at(0), finished_at: at(took) }), NOW, (_, node) => node).scaled
    expect(scaled({ a: step(0, 10), b: { ...step(0, 0), reused: true } }, 10)).toBe(true)
    expect(scaled({ a: { ...step(0, 0), reused: true } }, 10)).toBe(false)
    expect(scaled({ a: step(0, 0.002) }, 0.002)).toBe(false)
  })

  it('survives a run that has not started', () => {
    expect(timeline(run({}, { started_at: null, finished_at: null }), NOW, (_, node) => node).rows).toEqual([])
  })
})
