import { describe, expect, it } from 'vitest'
import { best, changes, differences, metricsSideBySide, runHeads, timesSideBySide } from './compare'
import type { GraphNode } from '../graph/graph'
import type { Report } from '../data/reports'
import type { Run, Step, Titles } from './runs'

const STEP: Step = {
  state: 'done', reused: false, why: null, attempt: 1, tries: 0, ready_at: null, peak_bytes: null, started_at: null, finished_at: null, seconds: 2, progress: null, error: null, outputs: {},
}

const titleOf: Titles = ({ graph }, node) => graph.nodes[node]?.title ?? 'a split'

function run(nodes: Record<string, Partial<GraphNode>>): Run {
  const full = Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { module: 'transform.split_data', params: {}, position: [0, 0] as const, ...node }]))
  return {
    id: 'r', pipeline: null, workspace: 'w', state: 'done', created_at: '', started_at: null, finished_at: null, started_by: '', last_event: 0, to: null, force: false, force_nodes: [], stop_on_failure: false, waiting_for: null, left_out: [], headline: null,
    graph: { format: 1, name: '', nodes: full as Record<string, GraphNode>, edges: [], parameters: {}, frames: [], notes: [] },
    steps: Object.fromEntries(Object.keys(nodes).map((id) => [id, STEP])),
  }
}

describe('differences', () => {
  it('names the settings that are not the same in all runs', () => {
    const one = run({ split: { params: { fraction: 0.7, seed: 0 } } })
    const two = run({ split: { params: { fraction: 0.8, seed: 0, shuffle: false } } })
    expect(differences([one, two], titleOf).map(({ what, values }) => [what, values])).toEqual([['fraction', ['0.7', '0.8']], ['shuffle', [null, 'false']]])
  })

  it('names a node that is missing, or is another module, once', () => {
    expect(differences([run({ a: {} }), run({ a: { module: 'x.y' }, b: { title: 'B' } })], titleOf).map(({ title, what, values }) => [title, what, values]))
      .toEqual([['a split', 'module', ['transform.split_data', 'x.y']], ['B', 'module', [null, 'transform.split_data']]])
  })

  it('names how a step ran apart from a setting of the same name', () => {
    const one = run({ split: { params: { target: 'price' }, execution: { target: 'sandbox' } } })
    const two = run({ split: { params: { target: 'price' }, execution: { target: 'docker', retries: 1 } } })
    expect(differences([one, two], titleOf).map(({ what, values }) => [what, values])).toEqual([['execution: target', ['sandbox', 'docker']], ['execution: retries', [null, '1']]])
  })

  it('names how the whole pipeline ran', () => {
    const [one, two] = [run({ a: {} }), run({ a: {} })]
    two.graph.execution = { retries: 2 }
    expect(differences([one, two], titleOf)).toEqual([{ node: '', title: 'Whole pipeline', what: 'execution: retries', values: [null, '2'] }])
  })

  it('is empty for the same graph', () => {
    expect(differences([run({ a: {} }), run({ a: {} })], titleOf)).toEqual([])
  })
})

describe('side by side', () => {
  const report = (r2: number): Report => ({ title: '', blocks: [], metrics: [{ name: 'Linear', metrics: { r2 } }] })

  it('lines up metrics by step, model and key', () => {
    const runs = [run({ e: { title: 'Evaluate' } }), run({ e: {}, f: {} })]
    expect(metricsSideBySide(runs, [{ e: report(0.8) }, { e: report(0.9), f: { ...report(0.1), blocks: [{ type: 'figures', title: '', columns: [{ key: 'r2', title: 'R²', better: 'high' }], rows: [] }] } }], titleOf)).toEqual([
      { title: 'Evaluate: Linear, R2', key: 'r2', better: null, values: [0.8, 0.9] }, { title: 'a split: Linear, R²', key: 'r2', better: 'high', values: [null, 0.1] }])
  })

  it('says how a metric changed since the first run, and whether that is better', () => {
    const rmse = { title: '', key: 'rmse', better: 'low' as const, values: [2, 1.5, null, 3, 2] }
    expect(changes(rmse)).toEqual([null, { by: -0.5, verdict: 'better' }, null, { by: 1, verdict: 'worse' }, null])
    expect(best(rmse)).toEqual([1])
    expect(changes({ ...rmse, better: null })[1]).toEqual({ by: -0.5, verdict: null })
    expect(best({ ...rmse, better: null })).toEqual([])
    expect(best({ ...rmse, better: 'high' as const, values: [1, 1] })).toEqual([])
    expect(changes({ ...rmse, values: [null, 1] })).toEqual([null, null])
  })

  it('lines up steps in the order of the flow', () => {
    const drawn = run({ z_first: {}, a_last: {} })
    drawn.graph.edges = [['z_first.table', 'a_last.table']]
    expect(timesSideBySide([drawn], titleOf).map(({ key }) => key)).toEqual(['z_first', 'a_last'])
  })

  it('lines up seconds by step', () => {
    const again = { ...run({ b: {} }), steps: { b: { ...STEP, reused: true, seconds: 0 } } }
    expect(timesSideBySide([run({ a: {} }), again], titleOf).map(({ key, values }) => [key, values])).toEqual([['a', [2, null]], ['b', [null, 'reused']]])
  })

  it('numbers runs of the same second', () => {
    const at = (created_at: string) => ({ ...run({}), created_at })
    const [one, two, three] = runHeads([at('2026-01-01T10:00:00.1Z'), at('2026-01-01T10:00:00.9Z'), at('2026-01-01T10:00:01Z')])
    expect([one, two, three].map((head) => head?.endsWith(')') && head.slice(-3))).toEqual(['(1)', '(2)', false])
  })
})
