/** Limits and storage of a workspace, and the result of a cleanup. */
import type { Schemas } from '../base/schemas'
import { bytes, counted } from '../base/numbers'

/** A number for each, or null where there is no limit. */
export type Limits = Partial<Schemas['Limits']>

/** The workspace's own limits, the installation's, and the effective ones: the lower of both. */
export type WorkspaceLimits = Schemas['WorkspaceLimits']

export interface LimitField {
  name: keyof Limits
  title: string
  unit: string
  /** The number of server units in one displayed unit. */
  scale: number
  /** The smallest sensible value, in displayed units. */
  least: number
  help: string
}

export const LIMIT_FIELDS: readonly LimitField[] = [
  { name: 'runs', title: 'Concurrent runs', unit: 'runs', scale: 1, least: 1, help: 'Further runs are queued, oldest first.' },
  { name: 'step_memory_bytes', title: 'Memory per step', unit: 'MB', scale: 1024 ** 2, least: 64, help: 'A step that needs more is stopped. It does not start if earlier runs needed more.' },
  { name: 'step_seconds', title: 'Time per step', unit: 'seconds', scale: 1, least: 1, help: 'A step that takes longer is stopped.' },
  { name: 'store_bytes', title: 'Storage limit', unit: 'GB', scale: 1e9, least: 0.01, help: 'When storage is full, runs and uploads are refused until space is freed.' },
  { name: 'retention_days', title: 'Run retention', unit: 'days', scale: 1, least: 1, help: 'Older runs are deleted with the results that nothing else uses. The latest run of each pipeline is kept.' },
]

const shownIn = (value: number, { scale }: LimitField) => Number((value / scale).toFixed(3))

/** A limit as typed; empty when there is none. */
export const limitText = (limits: Limits, field: LimitField): string => {
  const value = limits[field.name] ?? null
  return value === null ? '' : String(shownIn(value, field))
}

export function limitWords(limits: Limits, field: LimitField): string {
  const value = limits[field.name] ?? null
  return value === null ? 'No limit' : counted(shownIn(value, field), field.unit.replace(/s$/, ''), field.unit)
}

/** Parses typed text; empty text means no limit, undefined an invalid one. */
export function readLimit(text: string, { scale, least, name }: LimitField, installation: Limits = {}): number | null | undefined {
  const typed = text.trim().replace(',', '.')
  if (typed === '') return null
  const given = Number(typed)
  const value = Math.round(given * scale)
  return given >= least && value <= (installation[name] ?? Number.MAX_SAFE_INTEGER) && (scale > 1 || Number.isInteger(given)) ? value : undefined
}

/** The allowed range, in the message for an invalid number. */
export function rangeWords(field: LimitField, installation: Limits = {}): string {
  const most = installation[field.name] ?? null
  const range = most === null ? `at least ${field.least}` : `from ${field.least} to ${shownIn(most, field)}, the limit of this installation`
  return `Must be ${field.scale === 1 && most === null ? 'a whole number, ' : ''}${range}. Leave it empty for ${most === null ? 'no limit' : "the installation's limit"}.`
}

export type StoreUse = Schemas['Store']

/** The use of a limited store in the unit of its limit: "3.2 of 20 GB". */
export function usedWords(used: number, quota: number): string {
  const [amount = '', unit] = bytes(used).split(/\s/)
  const [limit = '', limitUnit] = bytes(quota).replace('.0', '').split(/\s/)
  return `${amount}${unit === limitUnit ? '' : `\u00a0${unit}`} of ${limit}\u00a0${limitUnit}`
}

export interface StorePart {
  title: string
  bytes: number
  share: number
  color: string
}

/** The parts of a store, as shares of its quota; without a quota, of its content. */
export function storeParts({ used, quota, of_runs, of_datasets, unreferenced }: StoreUse): StorePart[] {
  const whole = Math.max(quota ?? 0, used, 1)
  const part = (title: string, size: number, color: string): StorePart => ({ title, bytes: size, share: (100 * size) / whole, color })
  return [
    part('Run results', of_runs, 'var(--series-1)'), part('Datasets', of_datasets, 'var(--series-3)'),
    part('Unused', unreferenced, 'var(--state-warning)'), ...(quota === null ? [] : [part('Free', Math.max(0, quota - used), 'var(--line-strong)')]),
  ]
}

/** What was, or would be, removed; `later` are files that are removed once they have been unreferenced for a while. */
export type Cleaned = Schemas['Collected']

export function cleanedWords({ runs, results, files, bytes: size, later_files, later_bytes }: Cleaned): string[] {
  const now = [runs && counted(runs, 'old run'), results && counted(results, 'unused result', 'unused results'), files && `${counted(files, 'file')} of ${bytes(size)}`].filter(Boolean)
  return [
    now.length > 0 ? `${now.join(', ')}.` : '',
    later_files > 0 ? `${counted(later_files, 'file')} of ${bytes(later_bytes)} more, one hour after they became unused.` : '',
  ].filter(Boolean)
}
