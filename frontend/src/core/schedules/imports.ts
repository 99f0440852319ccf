/** Datasets with a source outside: what is entered of an import, what is sent, and what one sees of it. */
import type { Json } from '../base/json'
import type { Schemas } from '../base/schemas'
import { newTimes, ownZone, timesOf } from './schedules'

export type Import = Schemas['Import']
type ConnectionKind = Schemas['Connection']['kind']
export type Origin = 'url' | 'database' | 'files'
export type Pace = 'never' | 'hour' | 'day' | 'week'

export const ORIGINS: { value: Origin; label: string }[] = [
  { value: 'url', label: 'Web address' }, { value: 'database', label: 'Database' }, { value: 'files', label: 'Bucket or folder' },
]
/** Which connections a source takes. */
export const CONNECTS: Record<Origin, ConnectionKind[]> = { url: ['http'], database: ['database'], files: ['s3', 'folder'] }
export const PACES: { value: Pace; label: string }[] = [
  { value: 'never', label: 'By hand only' }, { value: 'hour', label: 'Every hour' }, { value: 'day', label: 'Every day' }, { value: 'week', label: 'Every Monday' },
]

/** What is entered: the fields of all sources. */
export interface ImportDraft {
  title: string
  origin: Origin
  connection: string
  url: string
  table: string
  query: string
  path: string
  pace: Pace
  clock: string
}

export const NEW_IMPORT: ImportDraft = { title: '', origin: 'url', connection: '', url: '', table: '', query: '', path: '', pace: 'never', clock: '06:00' }

/** The settings of the module that reads, without the fields of other sources. */
export function settingsOf(draft: ImportDraft): Record<string, Json> {
  switch (draft.origin) {
    case 'url': return { source: 'url', url: draft.url.trim(), login: draft.connection }
    case 'database': return { source: 'database', database: draft.connection, table: draft.table.trim(), query: draft.query.trim() }
    case 'files': return { source: 'files', storage: draft.connection, path: draft.path.trim() }
  }
}

/** Whether enough is entered to read the source. */
export function isReady(draft: ImportDraft): boolean {
  switch (draft.origin) {
    case 'url': return draft.url.trim() !== ''
    case 'database': return draft.connection !== '' && (draft.table.trim() === '') !== (draft.query.trim() === '')
    case 'files': return draft.connection !== '' && draft.path.trim() !== ''
  }
}

/** When it is refreshed, as the API takes it; null for by hand only. Times of day are those of the viewer's zone. */
export function timesOfPace({ pace, clock }: Pick<ImportDraft, 'pace' | 'clock'>): Record<string, Json> | null {
  if (pace === 'never') return null
  const times = { ...newTimes(), zone: ownZone(), clock }
  return timesOf(pace === 'hour' ? { ...times, kind: 'every', amount: 1, unit: 60 } : { ...times, kind: 'calendar', weekdays: pace === 'week' ? [1] : [] })
}

/** What one sees of an import at a glance. */
export function importState({ running, refreshes: [last] }: Import): { mark: 'waiting' | 'running' | 'done' | 'failed'; words: string } {
  if (running) return { mark: 'running', words: 'Reading the source' }
  if (!last) return { mark: 'waiting', words: 'Not read yet' }
  return { mark: last.outcome === 'failed' ? 'failed' : 'done', words: last.outcome === 'same' ? `No change: ${last.words}` : last.words }
}

/** What changes when any of these imports was refreshed. */
export const refreshed = (all: Import[]): string => all.map(({ id, refreshes: [last] }) => `${id} ${last?.run ?? ''}`).join()
