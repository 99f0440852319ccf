/** Compares two or more runs: differing settings, the duration of each step, and the metrics of their reports. */

import type { Execution } from '../graph/graph'
import { exactly } from '../base/numbers'
import { flowOrder } from '../graph/flowOrder'
import { metricBetter, metricTitle, type Report } from '../data/reports'
import type { Run, Titles } from './runs'

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
  /** Source and name of the figure: the step, the model, the metric. */
  title: string
  key: string
  better: 'high' | 'low' | null
  values: (number | null)[]
}

export interface Change {
  /** The value minus the first run's. */
  by: number
  verdict: 'better' | 'worse' | null
}

/** Changes of a metric since the first run; null for that run, where a value is missing, and where nothing changed. */
export function changes({ values: [first, ...others], better }: Figure): (Change | null)[] {
  return [null, ...others.map((value): Change | null => {
    if (value === null || first === null || first === undefined || value === first) return null
    return { by: value - first, verdict: better && (value > first === (better === 'high') ? 'better' : 'worse') }
  })]
}

/** The positions of the best values of a metric; empty when all are equal. */
export function best({ values, better }: Figure): number[] {
  const known = values.filter((value) => value !== null)
  if (!better || unique(known).length < 2) return []
  const wanted = better === 'high' ? Math.max(...known) : Math.min(...known)
  return values.flatMap((value, place) => (value === wanted ? [place] : []))
}

/** The reports of one run by node. */
export type Reports = Record<string, Report>

/** Every metric in a report of any of the runs, one line each. */
export function metricsSideBySide(runs: Run[], reports: Reports[], titleOf: Titles): Figure[] {
  const lines = new Map<string, Figure>()
  reports.forEach((byNode, place) => {
    for (const [node, report] of Object.entries(byNode)) {
      for (const { name, metrics } of report.metrics) {
        for (const [key, value] of Object.entries(metrics)) {
          const id = `${node} ${name} ${key}`
          const line = lines.get(id) ?? { title: `${titleIn(runs, node, titleOf)}: ${name}, ${metricTitle(report, key)}`, key, better: metricBetter(report, key), values: runs.map(() => null) }
          line.values[place] = value
          lines.set(id, line)
        }
      }
    }
  })
  return [...lines.values()]
}

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

/** Column heads: the start time of each run, with a number where several started in the same second. */
export function runHeads(runs: Run[]): string[] {
  const moments = runs.map((run) => exactly(run.created_at))
  return moments.map((moment, at) => {
    const before = moments.slice(0, at).filter((other) => other === moment).length
    return before || moments.lastIndexOf(moment) > at ? `${moment} (${before + 1})` : moment
  })
}
