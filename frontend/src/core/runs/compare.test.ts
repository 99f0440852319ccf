import { describe, expect, it } from 'vitest'
import { best, changes, differences, metricsSideBySide, overlay, runHeads, runTimes, timesSideBySide } from './compare'
import { comparison } from './comparison'
import type { GraphNode } from '../graph/graph'
import type { Report } from '../data/reports'
import type { Run, Step, Titles } from './runs'

const STEP: Step = {
  state: 'done', reused: false, why: null, attempt: 1, tries: 0, ready_at: null, peak_bytes: null, fans: 0, failed_items: 0, started_at: null, finished_at: null, seconds: 2, progress: null, error: null, outputs: {},
}

const titleOf: Titles = ({ graph }, node) => graph.nodes[node]?.title ?? 'a split'

function run(nodes: Record<string, Partial<GraphNode>>): Run {
  const full = Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { module: 'transform.split_data', params: {}, position: [0, 0] as const, ...node }]))
  return {
    id: 'r', pipeline: null, workspace: 'w', state: 'done', created_at: '', started_at: null, finished_at: null, started_by: '', last_event: 0, to: null, force: false, force_nodes: [], stop_on_failure: false, waiting_for: null, left_out: [], parameters: {}, sweep: null, verifies: null, headline: null,
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
      { node: 'e', step: 'Evaluate', name: 'R2', better: null, values: [0.8, 0.9] }, { node: 'f', step: 'a split', name: 'R²', better: 'high', values: [null, 0.1] }])
  })

  it('names the model where a step reports several, and knows what is better from any run', () => {
    const figures = { type: 'figures' as const, title: '', columns: [{ key: 'r2', title: 'R²', better: 'high' as const }], rows: [] }
    const both = { ...report(0.5), blocks: [figures], metrics: [{ name: 'Linear', metrics: { r2: 0.5 } }, { name: 'Trees', metrics: { r2: 0.7 } }] }
    expect(metricsSideBySide([run({ e: {} }), run({ e: {} })], [{ e: report(0.4) }, { e: both }], titleOf).map(({ name, better, values }) => [name, better, values]))
      .toEqual([['Linear, R2', 'high', [0.4, 0.5]], ['Trees, R²', 'high', [null, 0.7]]])
  })

  it('says how a metric changed from the baseline', () => {
    const rmse = { better: 'low' as const, values: [2, 1.5, null, 3, 2] }
    expect(changes(rmse, 0)).toEqual([null, -0.5, null, 1, 0])
    expect(changes(rmse, 3)).toEqual([-1, -1.5, null, null, -1])
    expect(changes(rmse, 2)).toEqual([null, null, null, null, null])
    expect(best(rmse)).toEqual([1])
    expect(best({ ...rmse, better: null })).toEqual([])
    expect(best({ better: 'high', values: [1, 1] })).toEqual([])
  })

  it('knows how long the runs that ended took', () => {
    const ended = { ...run({}), started_at: '2026-01-01T10:00:00Z', finished_at: '2026-01-01T10:00:04Z' }
    expect(runTimes([ended, { ...ended, finished_at: null }])).toEqual([4, null])
  })

  it('has an address', () => {
    expect(comparison(['a', 'b'], 'b')).toBe('/runs/compare?run=a&run=b&baseline=b')
  })

  it('draws the points of all runs in one chart, of a model that differs, else of the first', () => {
    const chart = (role: string) => ({
      type: 'chart' as const, title: 'ROC', description: 'Points.', role,
      spec: { layer: [{ mark: 'line' }, { data: { values: [{ model: 'A', x: 1 }, { model: 'B', x: 2 }] }, encoding: { color: { field: 'model' } } }] },
    })
    const withChart = { e: { ...report(1), blocks: [chart('roc')] } }
    const runs = [{ ...run({ e: {} }), created_at: '2026-01-01T10:00:00Z' }, { ...run({ e: {} }), created_at: '2026-01-02T10:00:00Z' }]
    const found = overlay(runs, [withChart, withChart], 'roc')
    const { values } = (found?.spec.layer as { data: { values: unknown[] } }[])[1]?.data ?? {}
    expect(values).toEqual(runHeads(runs).map((model) => ({ model, x: 1 })))
    const other = { e: { ...report(1), blocks: [{ ...chart('roc'), spec: { layer: [{ mark: 'line' }, { data: { values: [{ model: 'A', x: 1 }, { model: 'B', x: 3 }] } }] } }] } }
    expect(overlay(runs, [withChart, other], 'roc')?.title).toBe('ROC, B')
    expect([overlay(runs, [withChart, {}], 'roc'), overlay(runs, [withChart, withChart], 'lift')]).toEqual([null, null])
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

  it('names runs by no more of their time than tells them apart', () => {
    const heads = (...moments: string[]) => runHeads(moments.map((created_at) => ({ ...run({}), created_at })))
    expect(heads('2026-01-01T10:00:00', '2026-01-02T10:00:00')).toEqual(['Jan 1, 10:00', 'Jan 2, 10:00'])
    expect(heads('2026-01-01T10:00:01', '2026-01-01T10:00:02')).toEqual(['Jan 1, 10:00:01', 'Jan 1, 10:00:02'])
    expect(heads('2025-01-01T10:00:00', '2026-01-01T10:00:00')[0]).toBe('Jan 1, 2025, 10:00')
  })

  it('numbers runs of the same second', () => {
    const at = (created_at: string) => ({ ...run({}), created_at })
    const [one, two, three] = runHeads([at('2026-01-01T10:00:00.1Z'), at('2026-01-01T10:00:00.9Z'), at('2026-01-01T10:00:01Z')])
    expect([one, two, three].map((head) => head?.endsWith(')') && head.slice(-3))).toEqual(['(1)', '(2)', false])
  })
})
