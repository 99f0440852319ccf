/** Compares two or more runs: differing settings, the duration of each step, and the metrics of their reports. */

import type { Execution } from '../graph/graph'
import { isRecord } from '../base/json'
import { flowOrder } from '../graph/flowOrder'
import { inSeries } from '../data/evaluationCharts'
import { metricBetter, metricTitle, type ChartBlock, type Report } from '../data/reports'
import { runSeconds, type Run, type Titles } from './runs'

export interface Difference {
  node: string
  title: string
  /** The difference: a setting's name, or the presence of the node. */
  what: string
  /** One per run; null where the node or the setting is missing. */
  values: (string | null)[]
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function unique<T>(values: T[]): T[] {
  return [...new Set(values)]
}

/** In the order of the flow; nodes that only later runs have come last. */
function nodesOf(runs: Run[]): string[] {
  return unique(runs.flatMap((run) => flowOrder(run.graph)))
}

function titleIn(runs: Run[], node: string, titleOf: Titles): string {
  const run = runs.find((one) => one.graph.nodes[node])
  return run ? titleOf(run, node) : node
}

/** The differences between the runs' graphs: execution settings of the pipeline, then settings, modules and nodes. */
export function differences(runs: Run[], titleOf: Titles): Difference[] {
  const whole = { node: '', title: 'Whole pipeline' }
  return [...executionDifferences(runs.map(({ graph }) => graph)).map((one) => ({ ...one, ...whole })), ...differentNodes(runs, titleOf)]
}

function differentNodes(runs: Run[], titleOf: Titles): Difference[] {
  return nodesOf(runs).flatMap((node) => {
    const nodes = runs.map((run) => run.graph.nodes[node])
    const title = titleIn(runs, node, titleOf)
    const modules = nodes.map((one) => one?.module ?? null)
    if (unique(modules).length > 1) return [{ node, title, what: 'module', values: modules }]
    return [
      ...differing(nodes.map((one) => one?.params)).map((one) => ({ ...one, node, title })),
      ...executionDifferences(nodes).map((one) => ({ ...one, node, title })),
    ]
  })
}

const executionDifferences = (all: ({ execution?: Execution } | undefined)[]) =>
  differing(all.map((one) => one?.execution)).map(({ what, values }) => ({ what: `execution: ${what}`, values }))

/** The keys whose values differ. */
function differing(all: (object | undefined)[]): Pick<Difference, 'what' | 'values'>[] {
  return unique(all.flatMap((one) => Object.keys(one ?? {}))).flatMap((what) => {
    const values = all.map((one) => (one && what in one ? text((one as Record<string, unknown>)[what]) : null))
    return unique(values).length > 1 ? [{ what, values }] : []
  })
}

export interface Figure {
  node: string
  /** The step whose report has the figure. */
  step: string
  /** The model and the metric; the metric alone where the step reports one model. */
  name: string
  better: 'high' | 'low' | null
  values: (number | null)[]
}

/** The changes of a figure from the baseline; null for the baseline and where a value is missing. */
export function changes({ values }: Pick<Figure, 'values'>, baseline: number): (number | null)[] {
  const from = values[baseline]
  return values.map((value, place) => (place === baseline || value === null || from === null || from === undefined ? null : value - from))
}

/** Whether the runs have different values. */
export const differs = ({ values }: Pick<Figure, 'values'>): boolean => unique(values).length > 1

/** The positions of the best values of a metric; empty when all are equal. */
export function best({ values, better }: Pick<Figure, 'values' | 'better'>): number[] {
  const known = values.filter((value) => value !== null)
  if (!better || unique(known).length < 2) return []
  const wanted = better === 'high' ? Math.max(...known) : Math.min(...known)
  return values.flatMap((value, place) => (value === wanted ? [place] : []))
}

/** The reports of one run by node. */
export type Reports = Record<string, Report>

/** Every metric in a report of any of the runs, one line each, in the order of the flow. */
export function metricsSideBySide(runs: Run[], reports: Reports[], titleOf: Titles): Figure[] {
  const lines = new Map<string, Figure>()
  const nodes = nodesOf(runs)
  const ordered = [...nodes, ...unique(reports.flatMap((byNode) => Object.keys(byNode))).filter((node) => !nodes.includes(node))]
  for (const node of ordered) {
    const found = reports.map((byNode) => byNode[node])
    const alone = unique(found.flatMap((report) => report?.metrics.map(({ name }) => name) ?? [])).length < 2
    found.forEach((report, place) => {
      for (const { name, metrics } of report?.metrics ?? []) {
        for (const [key, value] of Object.entries(metrics)) {
          const id = JSON.stringify([node, name, key])
          const title = report ? metricTitle(report, key) : key
          const line = lines.get(id) ?? { node, step: titleIn(runs, node, titleOf), name: alone ? title : `${name}, ${title}`, better: report ? metricBetter(report, key) : null, values: runs.map(() => null) }
          line.values[place] = value
          line.better ??= report ? metricBetter(report, key) : null
          lines.set(id, line)
        }
      }
    })
  }
  return [...lines.values()]
}

/** How long each run took, in seconds; null for one that has not ended. */
export const runTimes = (runs: Run[]): (number | null)[] => runs.map((run) => (run.finished_at ? runSeconds(run, 0) : null))

/** One chart of the points of all runs: of the first step that has it in each, and of one model there. */
export function overlay(runs: Run[], reports: Reports[], role: string): { title: string; description: string; spec: Record<string, unknown> } | null {
  const heads = runHeads(runs)
  for (const node of nodesOf(runs)) {
    const charts = reports.map((byNode) => byNode[node]?.blocks.find((block): block is ChartBlock => block.type === 'chart' && block.role === role))
    const [first] = charts
    const layers = first?.spec.layer
    if (!first || !Array.isArray(layers) || charts.includes(undefined)) continue
    const model = comparedModel(charts)
    const values = charts.flatMap((chart, place) => pointsOf(chart).filter((point) => point.model === model).map((point) => ({ ...point, model: heads[place] })))
    const last = layers[layers.length - 1] as Record<string, unknown>
    return { title: several(charts) ? `${first.title}, ${String(model)}` : first.title, description: first.description, spec: inSeries({ ...first.spec, layer: [...layers.slice(0, -1), { ...last, data: { values } }] }, heads, { columns: 1 }) }
  }
  return null
}

function pointsOf(chart: ChartBlock | undefined): Record<string, unknown>[] {
  const layers = chart?.spec.layer
  const last: unknown = Array.isArray(layers) ? layers[layers.length - 1] : null
  return isRecord(last) && isRecord(last.data) && Array.isArray(last.data.values) ? last.data.values.filter(isRecord) : []
}

const modelsOf = (charts: (ChartBlock | undefined)[]) => unique(pointsOf(charts[0]).map(({ model }) => model))

const several = (charts: (ChartBlock | undefined)[]) => modelsOf(charts).length > 1

/** The first model whose points differ between the runs, else the first one. */
function comparedModel(charts: (ChartBlock | undefined)[]): unknown {
  const models = modelsOf(charts)
  const drawn = (chart: ChartBlock | undefined, model: unknown) => JSON.stringify(pointsOf(chart).filter((point) => point.model === model))
  return models.find((model) => unique(charts.map((chart) => drawn(chart, model))).length > 1) ?? models[0]
}

const dated = (moment: string, more: Intl.DateTimeFormatOptions) =>
  new Date(moment).toLocaleString('en', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...more })

export interface Times {
  title: string
  key: string
  values: (number | 'reused' | null)[]
}

/** Seconds of each step in each run, or that it was reused; null where it did not run. */
export function timesSideBySide(runs: Run[], titleOf: Titles): Times[] {
  return nodesOf(runs).map((node) => ({
    title: titleIn(runs, node, titleOf), key: node, values: runs.map(({ steps: { [node]: step } }) => (step?.reused ? 'reused' : (step?.seconds ?? null))),
  }))
}

/** Column heads: the start time of each run, no longer than tells them apart, with a number where several started in the same second. */
export function runHeads(runs: Run[]): string[] {
  const year = unique(runs.map((run) => new Date(run.created_at).getFullYear())).length > 1 ? { year: 'numeric' as const } : {}
  const minutes = runs.map((run) => dated(run.created_at, year))
  const moments = unique(minutes).length === runs.length ? minutes : runs.map((run) => dated(run.created_at, { ...year, second: '2-digit' }))
  return moments.map((moment, at) => {
    const before = moments.slice(0, at).filter((other) => other === moment).length
    return before || moments.lastIndexOf(moment) > at ? `${moment} (${before + 1})` : moment
  })
}
