/** A run as the server returns it, and a reducer for its numbered events. */

import type { Schemas } from '../base/schemas'
import { flowOrder } from '../graph/flowOrder'
import { upstream, type Graph } from '../graph/graph'

/** A run as lists show it. */
export type RunBrief = Schemas['RunBrief']
export type Run = Schemas['Run']
export type RunState = Run['state']
export type Step = Schemas['Step']
export type StepState = Step['state']
export type Output = Schemas['PublicOutput']
export type Progress = Schemas['Progress']

interface Numbered {
  seq: number
  at: string
}

export type LogLevel = 'info' | 'warning' | 'error'

export type RunEvent = Numbered &
  (
    | { type: 'run'; run: Partial<RunBrief> }
    | { type: 'step'; node: string; step: Partial<Step> }
    | ({ type: 'progress'; node: string } & Progress)
    | { type: 'log'; node: string; level: LogLevel; line: string; figures?: Figures }
  )

/** Numbers of a log line, by name: points of curves. */
export type Figures = Record<string, number>

export interface LogLine {
  seq: number
  at: string
  level: LogLevel
  line: string
  figures?: Figures
}

/** A followed run: `seen` is the last event received by this client, which may be behind the run's own `last_event`. */
export interface Watched {
  run: Run
  seen: number
  logs: Record<string, LogLine[]>
}

export const LOG_LIMIT = 2000

const FINISHED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'skipped'])

export const FRESH: Step = {
  state: 'waiting', reused: false, why: null, attempt: 0, tries: 0, ready_at: null, started_at: null, finished_at: null,
  seconds: null, peak_bytes: null, fans: 0, failed_items: 0, progress: null, error: null, outputs: {},
}

/** Terminal states are final. */
export function isFinished(state: RunState | StepState): boolean {
  return FINISHED.has(state)
}

/** Applies one event to a run. An event that the run already includes changes nothing. */
export function apply(run: Run, event: RunEvent): Run {
  if (event.seq <= run.last_event) return run
  const next = { ...run, last_event: event.seq }
  if (event.type === 'run') return { ...next, ...event.run }
  if (event.type === 'log') return next
  const step = run.steps[event.node] ?? FRESH
  if (event.type === 'progress') {
    if (step.state !== 'running') return next
    return withStep(next, event.node, { ...step, progress: { done: event.done, total: event.total, words: event.words } })
  }
  return withStep(next, event.node, { ...step, ...event.step })
}

function withStep(run: Run, node: string, step: Step): Run {
  return { ...run, steps: { ...run.steps, [node]: step } }
}

export function watched(run: Run): Watched {
  return { run, seen: 0, logs: {} }
}

/**
 * Applies events in order, stops at the first gap and reports it. `complete` means that the server answered a request,
 * so that a gap in its numbers is final.
 */
export function follow(before: Watched, events: RunEvent[], complete = false): { after: Watched; gap: boolean } {
  let after = before
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
    if (event.seq <= after.seen) continue
    if (event.seq > after.seen + 1 && !complete) return { after, gap: true }
    const logs = event.type === 'log' ? withLine(after.logs, event.node, event) : after.logs
    after = { run: apply(after.run, event), seen: event.seq, logs }
  }
  return { after, gap: false }
}

function withLine(logs: Record<string, LogLine[]>, node: string, { seq, at, level, line, figures }: LogLine): Record<string, LogLine[]> {
  return { ...logs, [node]: [...(logs[node] ?? []), { seq, at, level, line, ...(figures && { figures }) }].slice(-LOG_LIMIT) }
}

/** The warnings of a finished step, each sentence once. */
export function warningsOf(step: Step | undefined, lines: readonly LogLine[] | undefined): string[] {
  if (!step || !isFinished(step.state)) return []
  return [...new Set((lines ?? []).filter(({ level }) => level === 'warning').map(({ line }) => line))]
}

/** The nodes that a run left out, in the order of the flow: the first is the one to finish. */
export function leftOutOf({ graph, left_out }: Run): string[] {
  const left = new Set(left_out.map(({ node }) => node))
  return flowOrder(graph as Graph).filter((node) => left.has(node))
}

/** Why a step was skipped, with the failed step by its title; as the server says it where none failed before it. */
export function skippedWords(run: Run, node: string, titleOf: Titles): string | null {
  const failed = [...upstream((run.graph as Graph).edges, [node])].find((each) => run.steps[each]?.state === 'failed')
  return failed === undefined ? (run.steps[node]?.why ?? null) : `“${titleOf(run, failed)}”, which it depends on, failed.`
}

/** The duration of a step in seconds: as measured when it ended, else since it started; null before that. */
export function stepSeconds(step: Step, now: number): number | null {
  if (step.seconds !== null) return step.seconds
  return secondsBetween(step.started_at, step.finished_at, now)
}

/** Why a queued run has not started; the event that starts it does not reset the field. */
export const waitsFor = ({ state, waiting_for }: RunBrief): string | null => (state === 'waiting' ? waiting_for : null)

/** Seconds until the next retry of a step; null when none is scheduled. */
export function secondsToNextTry({ state, tries, ready_at }: Step, now: number): number | null {
  if (!ready_at || tries === 0 || (state !== 'waiting' && state !== 'ready')) return null
  return Math.max(0, (Date.parse(ready_at) - now) / 1000)
}

export function runSeconds(run: Pick<RunBrief, 'started_at' | 'finished_at'>, now: number): number | null {
  return secondsBetween(run.started_at, run.finished_at, now)
}

function secondsBetween(start: string | null, end: string | null, now: number): number | null {
  if (!start) return null
  return Math.max(0, ((end ? Date.parse(end) : now) - Date.parse(start)) / 1000)
}

/** The display name of a node of a run. */
export type Titles = (run: Run, node: string) => string

/** Who started a run, and for whom: schedules and published pipelines are named there by the server. */
export const starterOf = ({ started_by, sweep }: Pick<RunBrief, 'started_by' | 'sweep'>): string => [started_by || 'Former member', sweep && '(sweep)'].filter(Boolean).join(' ')
