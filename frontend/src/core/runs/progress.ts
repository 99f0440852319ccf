/** How far a run is, and how long it may still take. */
import { splitEnd, type Edge } from '../graph/graph'
import { isFinished, type Run, type Step } from './runs'

export interface RunProgress {
  finished: number
  total: number
  /** Of all steps, 0 to 1; a running step counts by its own progress. */
  share: number
}

const shareOf = ({ state, progress }: Step): number => {
  if (isFinished(state)) return 1
  return state === 'running' && progress?.total ? Math.min(1, progress.done / progress.total) : 0
}

export function runProgress({ steps }: Pick<Run, 'steps'>): RunProgress {
  const all = Object.values(steps)
  const finished = all.filter(({ state }) => isFinished(state)).length
  const done = all.reduce((sum, step) => sum + shareOf(step), 0)
  return { finished, total: all.length, share: all.length === 0 ? 0 : done / all.length }
}

type Expected = Readonly<Record<string, { seconds: number }>>

/** What a step may still take: by its own progress, else by earlier runs; null when unknown, or longer than ever before. */
function leftOf(step: Step, expected: number | undefined, now: number): number | null {
  const running = step.state === 'running' && step.started_at ? Math.max(0, (now - Date.parse(step.started_at)) / 1000) : 0
  const share = shareOf(step)
  if (running > 0 && share > 0) return (running * (1 - share)) / share
  return expected === undefined || running > expected ? null : expected - running
}

/**
 * Seconds until the run ends: the longest chain of unfinished steps, since independent ones may run side by side.
 *
 * @param order - The nodes, each after those that feed it.
 * @returns Null when a step of the chain has never run, or takes longer than expected.
 */
export function secondsLeft({ steps }: Pick<Run, 'steps'>, order: readonly string[], edges: readonly Edge[], expected: Expected, now: number): number | null {
  const sources = new Map<string, string[]>()
  for (const [from, to] of edges) {
    const target = splitEnd(to).node
    sources.set(target, [...(sources.get(target) ?? []), splitEnd(from).node])
  }
  const ends = new Map<string, number>()
  for (const node of order) {
    const step = steps[node]
    if (!step || isFinished(step.state)) continue
    const own = leftOf(step, expected[node]?.seconds, now)
    if (own === null) return null
    ends.set(node, own + Math.max(0, ...(sources.get(node) ?? []).map((source) => ends.get(source) ?? 0)))
  }
  return Math.max(0, ...ends.values())
}

/** "about 14 s left" */
export function leftWords(seconds: number): string {
  if (seconds < 1) return 'less than 1\u00a0s left'
  if (seconds < 90) return `about ${Math.ceil(seconds)}\u00a0s left`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `about ${minutes}\u00a0min left` : `about ${Math.round(minutes / 60)}\u00a0h left`
}
