/** Schedules and triggers: what is entered of them, and what is sent. */
import type { Json, Params } from '../base/json'
import type { Schemas } from '../base/schemas'

export type Schedule = Schemas['Schedule']
export type Tick = Schemas['Tick']
export type Kind = Schedule['kind']
export type RuleKind = 'every' | 'calendar' | 'cron' | 'dates'

export const RULES: { value: RuleKind; label: string }[] = [
  { value: 'every', label: 'At an interval' }, { value: 'calendar', label: 'At times of day' }, { value: 'cron', label: 'By a cron line' }, { value: 'dates', label: 'At single times' },
]
export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
export const OVERLAPS = [
  { value: 'skip', label: 'Skip the new one' }, { value: 'queue_one', label: 'Keep one waiting, the newest' }, { value: 'queue_all', label: 'Keep all, one after another' },
  { value: 'cancel', label: 'Cancel the earlier run' }, { value: 'parallel', label: 'Run side by side' },
]
export const TRIGGER_OVERLAPS = [{ value: 'queue_one', label: 'Wait, then run once for all' }, { value: 'parallel', label: 'Run side by side' }]
export const CATCH_UPS = [{ value: 'last', label: 'Run once, for the last' }, { value: 'all', label: 'Run each' }, { value: 'none', label: 'Skip them' }]
export const GRAPHS = [{ value: 'latest', label: 'Newest saved version' }, { value: 'draft', label: 'As it is drawn at that moment' }]

const TIME_TYPES = ['text', 'date', 'time']
const PLANNED = { value: 'scheduled_time', label: 'Planned time of the run', types: TIME_TYPES }
const BUILT_IN = [
  { value: 'run_time', label: 'Time at which the run starts; its steps are always executed', types: TIME_TYPES },
  { value: 'previous_success_time', label: 'Planned time of the last successful run', types: TIME_TYPES },
]
/** Values that depend on the run, and the types of parameters that they suit. */
export const BUILT_IN_VALUES: Record<Kind, { value: string; label: string; types: string[] }[]> = {
  times: [PLANNED, ...BUILT_IN],
  events: [{ ...PLANNED, label: 'Time at which it fires' }, ...BUILT_IN, { value: 'dataset_version', label: 'Version of the watched dataset', types: ['integer', 'number'] }],
}

/** What runs, as it is entered. `graph` of a pipeline is `latest`, `draft` or the id of a version; of a published pipeline the number of one, or empty for its default. */
export interface Target {
  id: string
  published: boolean
  graph: string
  parameters: Params
  preset: string
  inputs: Record<string, { dataset: string; version: number | null }>
}

/** What a schedule runs, as it is edited; `first` is offered for a new one. */
export function targetOf(one: Schedule | null, first: string): Target {
  if (one === null) return { id: first, published: false, graph: 'latest', parameters: {}, preset: '', inputs: {} }
  const given = { parameters: one.parameters as Params, preset: one.preset }
  if (one.pipeline !== null) return { id: one.pipeline, published: false, graph: one.version ?? one.graph, ...given, inputs: {} }
  const inputs = Object.fromEntries(Object.entries(one.inputs).map(([name, { dataset, version }]) => [name, { dataset, version: version ?? null }]))
  return { id: one.published ?? '', published: true, graph: one.published_version === null ? '' : String(one.published_version), ...given, inputs }
}

/** What runs, as the API takes it; a choice that was taken back is sent too. */
export function sentTarget({ id, published, graph, parameters, preset, inputs }: Target) {
  if (published) {
    const chosen = Object.fromEntries(Object.entries(inputs).filter(([, { dataset }]) => dataset !== ''))
    return { published: id, published_version: graph === '' ? null : Number(graph), parameters, preset, inputs: chosen }
  }
  const pinned = graph !== 'latest' && graph !== 'draft'
  return { pipeline: id, graph: (pinned ? 'version' : graph) as Schedule['graph'], version: pinned ? graph : null, parameters, preset }
}

/** What is entered of the times of a schedule: the fields of all kinds of rule. */
export interface TimesDraft {
  kind: RuleKind
  amount: number
  unit: 1 | 60 | 1440
  clock: string
  weekdays: number[]
  monthDays: string
  line: string
  dates: string
  zone: string
  starts: string
  ends: string
  excluded: string
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

export const newTimes = (): TimesDraft => ({
  kind: 'calendar', amount: 1, unit: 60, clock: '06:00', weekdays: [], monthDays: '', line: '0 6 * * 1-5', dates: '', zone: ownZone(), starts: '', ends: '', excluded: '',
})

const parts = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean)

/** The times as the API takes them. */
export function timesOf(draft: TimesDraft): Record<string, Json> {
  const instant = (text: string) => (text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null)
  const rules: Record<RuleKind, () => Json> = {
    every: () => ({ kind: 'every', minutes: draft.amount * draft.unit }),
    calendar: () => ({ kind: 'calendar', times: parts(draft.clock), weekdays: draft.weekdays, month_days: parts(draft.monthDays).map((day) => (/^\d+$/.test(day) ? Number(day) : day)) }),
    cron: () => ({ kind: 'cron', line: draft.line.trim() }),
    dates: () => ({ kind: 'dates', dates: draft.dates.split(/[\n,;]+/).map((text) => text.trim().replace(' ', 'T')).filter(Boolean) }),
  }
  return { rule: rules[draft.kind](), zone: draft.zone, starts_at: instant(draft.starts), ends_at: instant(draft.ends), excluded: parts(draft.excluded) }
}

/** The entered fields of stored times. */
export function draftOf(times: NonNullable<Schedule['times']>): TimesDraft {
  const draft: TimesDraft = { ...newTimes(), kind: times.rule.kind as RuleKind, zone: times.zone, starts: times.starts_at ?? '', ends: times.ends_at ?? '', excluded: times.excluded.join(' ') }
  const rule = times.rule
  if (rule.kind === 'every') {
    const unit = ([1440, 60, 1] as const).find((size) => rule.minutes % size === 0) ?? 1
    return { ...draft, unit, amount: rule.minutes / unit }
  }
  if (rule.kind === 'calendar') return { ...draft, clock: rule.times.join(' '), weekdays: rule.weekdays, monthDays: rule.month_days.join(' ') }
  return rule.kind === 'cron' ? { ...draft, line: rule.line } : { ...draft, dates: rule.dates.join('\n') }
}

/** What one sees of a schedule at a glance. */
export function stateOf({ pause, last }: Schedule): { mark: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'skipped'; words: string } {
  if (pause) return { mark: 'cancelled', words: `Paused by ${pause.by}${pause.note ? `: ${pause.note}` : ''}` }
  return last ? tickState(last) : { mark: 'waiting', words: 'No run yet' }
}

/** What became of a tick. */
export function tickState({ outcome, ended }: Tick): { mark: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'skipped'; words: string } {
  if (outcome === 'started') {
    if (ended === '') return { mark: 'running', words: 'Started' }
    return ended === 'done' ? { mark: 'done', words: 'Done' } : ended === 'failed' ? { mark: 'failed', words: 'Run failed' } : { mark: 'cancelled', words: ended === 'deleted' ? 'Run deleted' : 'Run cancelled' }
  }
  const marks = { waiting: 'waiting', skipped: 'skipped', missed: 'skipped', failed: 'failed' } as const
  const words = { waiting: 'Waiting', skipped: 'Skipped', missed: 'Missed', failed: 'Could not start' } as const
  return { mark: marks[outcome], words: words[outcome] }
}

/** An instant in the viewer's own zone. */
export const here = (at: string): string =>
  new Date(at).toLocaleString('en-GB', { weekday: 'short', day: '2-digit', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })
