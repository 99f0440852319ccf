/** Why a step was reused, or what differs from the nearest earlier result. */
import type { Schemas } from '../base/schemas'

export type Difference = Schemas['Difference']
export type Explanation = Schemas['Explanation']

/** One difference as a sentence: the words around a name and its two values. */
export interface Told {
  /** Before the name. */
  lead: string
  /** The name as it is written in documents, files or code; empty when the lead says it all. */
  name: string
  /** The values; null where the sentence has none. */
  values: { before: string | null; after: string | null } | null
}

export function told({ kind, name, before, after }: Difference): Told {
  const values = { before: valueWords(before), after: valueWords(after) }
  const either = values.before !== null || values.after !== null
  if (kind === 'setting') return { lead: '', name, values }
  if (kind === 'column') return { lead: 'Column', name, values }
  if (kind === 'library') return { lead: 'Library', name, values }
  if (kind === 'module') return { lead: 'The module', name: '', values: either && values.before !== values.after ? values : null }
  if (kind === 'source') return name === 'state' || name === 'run' ? { lead: 'The source changed.', name: '', values: null } : { lead: 'Another place is behind the connection at', name, values: null }
  if (kind === 'dataset') return { lead: 'The dataset has new rows.', name: '', values: null }
  return { lead: 'New data arrived at', name, values: null }
}

/** A value in a sentence; null where there was none. */
export function valueWords(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether comparing the tables may tell more than this explanation does. */
export const mayCompareTables = ({ differences }: Explanation): boolean =>
  differences.some(({ kind }) => kind === 'input' || kind === 'dataset') && !differences.some(({ kind }) => kind === 'column')
