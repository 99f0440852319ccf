/** The time span of each step of a run, and its critical path. */

import { splitEnd } from '../graph/graph'
import { stepSeconds, type Run, type Step, type Titles } from './runs'

export interface TimelineRow {
  node: string
  title: string
  step: Step
  seconds: number | null
  /** Shares of the whole span; null when the step has not started. */
  from: number | null
  to: number | null
  critical: boolean
}

/** In milliseconds: a quarter of a shorter scale is less than the numbers on it tell. */
const SHORTEST_SCALE = 4

export interface Timeline {
  /** Whether anything was computed, and long enough for times on a scale; a run of reused steps has none. */
  scaled: boolean
  /** Seconds from the run's start to its end, or to now. */
  seconds: number
  rows: TimelineRow[]
}

export function timeline(run: Run, now: number, titleOf: Titles): Timeline {
  const ends = Object.entries(run.steps).map(([node, step]) => ({ node, step, ...span(step, now) }))
  const known = (values: (number | null)[]) => values.filter((value): value is number => value !== null)
  const start = Math.min(...known([time(run.started_at), ...ends.map((one) => one.start)]), now)
  const end = Math.max(...known([time(run.finished_at), ...ends.map((one) => one.end)]), run.finished_at ? 0 : now, start + 1)
  const critical = criticalPath(run, new Map(ends.map((one) => [one.node, one.end])))
  const share = (at: number | null) => (at === null ? null : (at - start) / (end - start))
  const rows = ends.map(({ node, step, start: began, end: ended }) => ({
    node, step, title: titleOf(run, node), seconds: stepSeconds(step, now), from: share(began), to: share(ended), critical: critical.has(node),
  }))
  rows.sort((a, b) => (a.from ?? Infinity) - (b.from ?? Infinity) || a.node.localeCompare(b.node))
  return { scaled: end - start >= SHORTEST_SCALE && rows.some(({ step, from }) => from !== null && !step.reused), seconds: (end - start) / 1000, rows }
}

function span(step: Step, now: number): { start: number | null; end: number | null } {
  const start = time(step.started_at)
  if (start === null) return { start: null, end: null }
  return { start, end: time(step.finished_at) ?? (step.state === 'running' ? now : start + (step.seconds ?? 0) * 1000) }
}

function time(moment: string | null): number | null {
  return moment === null ? null : Date.parse(moment)
}

/** Follows the latest input of each step back from the step that ended last. */
function criticalPath(run: Run, ends: Map<string, number | null>): Set<string> {
  const path = new Set<string>()
  let node = latest([...ends.keys()], ends)
  while (node !== null && !path.has(node)) {
    path.add(node)
    const into = node
    node = latest(run.graph.edges.filter(([, to]) => splitEnd(to).node === into).map(([from]) => splitEnd(from).node), ends)
  }
  return path
}

function latest(nodes: string[], ends: Map<string, number | null>): string | null {
  let found: string | null = null
  let at = -Infinity
  for (const node of nodes) {
    const end = ends.get(node) ?? null
    if (end !== null && end > at) {
      found = node
      at = end
    }
  }
  return found
}
