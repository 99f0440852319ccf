/** Two or more runs side by side: the settings that differ, how long each step took, and the metrics of their reports. */

import type { Report } from './reports'
import { nodeTitle, type Run } from './runs'

export interface Difference {
  node: string
  title: string
  /** What differs: a setting's name, or that the node is there at all. */
  what: string
  /** One for each run; null where the node or the setting is not there. */
  values: (string | null)[]
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function unique<T>(values: T[]): T[] {
  return [...new Set(values)]
}

function nodesOf(runs: Run[]): string[] {
  return unique(runs.flatMap((run) => Object.keys(run.graph.nodes)))
}

function titleIn(runs: Run[], node: string): string {
  const run = runs.find((one) => one.graph.nodes[node])
  return run ? nodeTitle(run.graph, node) : node
}

/** The settings, modules and nodes in which the runs' graphs differ. */
export function differences(runs: Run[]): Difference[] {
  return nodesOf(runs).flatMap((node) => {
    const nodes = runs.map((run) => run.graph.nodes[node])
    const title = titleIn(runs, node)
    const modules = nodes.map((one) => one?.module ?? null)
    if (unique(modules).length > 1) return [{ node, title, what: 'module', values: modules }]
    return unique(nodes.flatMap((one) => Object.keys(one?.params ?? {}))).flatMap((what) => {
      const values = nodes.map((one) => (one && what in one.params ? text(one.params[what]) : null))
      return unique(values).length > 1 ? [{ node, title, what, values }] : []
    })
  })
}

export interface Figure {
  /** Where the figure comes from: the step, and the model it is of. */
  title: string
  key: string
  values: (number | null)[]
}

/** The reports of one run by node. */
export type Reports = Record<string, Report>

/** Every metric that a report of any of the runs gives, one line each. */
export function metricsSideBySide(runs: Run[], reports: Reports[]): Figure[] {
  const lines = new Map<string, Figure>()
  reports.forEach((byNode, place) => {
    for (const [node, report] of Object.entries(byNode)) {
      for (const { name, metrics } of report.metrics) {
        for (const [key, value] of Object.entries(metrics)) {
          const id = `${node} ${name} ${key}`
          const line = lines.get(id) ?? { title: `${titleIn(runs, node)}: ${name}`, key, values: runs.map(() => null) }
          line.values[place] = value
          lines.set(id, line)
        }
      }
    }
  })
  return [...lines.values()]
}

/** Seconds of each step in each run; null where it did not run. */
export function secondsSideBySide(runs: Run[]): Figure[] {
  return nodesOf(runs).map((node) => ({ title: titleIn(runs, node), key: node, values: runs.map((run) => run.steps[node]?.seconds ?? null) }))
}
