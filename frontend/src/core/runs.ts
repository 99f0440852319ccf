/** A run as the server tells it, and what its numbered events do to it. */

import type { PortKind } from './catalogue'
import type { GraphDocument } from './graph'
import type { Problem } from './problems'

export type RunState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
export type StepState = 'waiting' | 'ready' | 'running' | 'done' | 'failed' | 'skipped' | 'cancelled'

export interface Output {
  kind: PortKind
  digest: string
  bytes: number
  rows: number | null
  /** How many columns a table has. */
  width: number | null
  /** Passed on without being kept: it is computed when somebody looks. */
  deferred?: boolean
}

export interface Progress {
  done: number
  total: number | null
  words: string
}

export interface Step {
  state: StepState
  reused: boolean
  why: string | null
  attempt: number
  /** Failures so far that may pass, after which it was tried again. */
  tries: number
  /** When it is tried again. */
  ready_at: string | null
  /** How far the process grew. */
  peak_bytes: number | null
  started_at: string | null
  finished_at: string | null
  seconds: number | null
  progress: Progress | null
  error: Problem | null
  outputs: Record<string, Output>
}

/** A run as lists show it. */
export interface RunBrief {
  id: string
  pipeline: { id: string; name: string } | null
  workspace: string
  state: RunState
  created_at: string
  started_at: string | null
  finished_at: string | null
  started_by: string | null
  /** Why it has not started yet; null when only a free worker is lacking. */
  waiting_for: string | null
  /** Nodes that are unfinished, or need one that is, and were not run. */
  left_out: { node: string; reason: string }[]
}

export interface Run extends RunBrief {
  last_event: number
  to: string[] | null
  force_nodes: string[]
  stop_on_failure: boolean
  graph: GraphDocument
  steps: Record<string, Step>
}

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
    | { type: 'log'; node: string; level: LogLevel; line: string }
  )

export interface LogLine {
  seq: number
  at: string
  level: LogLevel
  line: string
}

/** A run being watched: `seen` is the last event this client has had, which may lie behind the run's own `last_event`. */
export interface Watched {
  run: Run
  seen: number
  logs: Record<string, LogLine[]>
}

export const LOG_LIMIT = 2000

const FINISHED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'skipped'])

export const FRESH: Step = {
  state: 'waiting', reused: false, why: null, attempt: 0, tries: 0, ready_at: null, started_at: null, finished_at: null,
  seconds: null, peak_bytes: null, progress: null, error: null, outputs: {},
}

/** Terminal states are final. */
export function isFinished(state: RunState | StepState): boolean {
  return FINISHED.has(state)
}

/** What one event does to a run. An event the run already holds changes nothing. */
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
 * Take events in order and stop at the first hole, saying so. `complete` means the server answered a question,
 * so that a hole in its numbers is how things are.
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

function withLine(logs: Record<string, LogLine[]>, node: string, { seq, at, level, line }: LogLine): Record<string, LogLine[]> {
  return { ...logs, [node]: [...(logs[node] ?? []), { seq, at, level, line }].slice(-LOG_LIMIT) }
}

/** What a finished step warned of, each sentence once. */
export function warningsOf(step: Step | undefined, lines: readonly LogLine[] | undefined): string[] {
  if (!step || !isFinished(step.state)) return []
  return [...new Set((lines ?? []).filter(({ level }) => level === 'warning').map(({ line }) => line))]
}

/** Seconds a step has taken: as measured when it ended, else since it started; null before that. */
export function stepSeconds(step: Step, now: number): number | null {
  if (step.seconds !== null) return step.seconds
  return secondsBetween(step.started_at, step.finished_at, now)
}

/** Why a run that waits has not started; an event that starts it says nothing of this. */
export const waitsFor = ({ state, waiting_for }: RunBrief): string | null => (state === 'waiting' ? waiting_for : null)

/** Seconds until a step is tried again; null when it does not wait for that. */
export function secondsToNextTry({ state, tries, ready_at }: Step, now: number): number | null {
  if (!ready_at || tries === 0 || (state !== 'waiting' && state !== 'ready')) return null
  return Math.max(0, (Date.parse(ready_at) - now) / 1000)
}

export function runSeconds(run: RunBrief, now: number): number | null {
  return secondsBetween(run.started_at, run.finished_at, now)
}

function secondsBetween(start: string | null, end: string | null, now: number): number | null {
  if (!start) return null
  return Math.max(0, ((end ? Date.parse(end) : now) - Date.parse(start)) / 1000)
}

/** What people call a node of a run. */
export type Titles = (run: Run, node: string) => string
