/** Why a step was reused, or what differs from the nearest earlier result. */

export interface Difference {
  kind: 'setting' | 'column' | 'input' | 'dataset' | 'module' | 'library'
  name: string
  before: unknown
  after: unknown
}

export interface Explanation {
  reused: boolean
  /** The run whose result was reused, or the nearest one that differs. */
  run: string | null
  words: string
  differences: Difference[]
}

const KINDS: Record<Difference['kind'], string> = {
  setting: 'Setting', column: 'Column', input: 'Input', dataset: 'Dataset', module: 'Module', library: 'Library',
}

export const differenceTitle = ({ kind, name }: Difference) => `${KINDS[kind]} ${kind === 'setting' ? name.replaceAll('_', ' ') : name}`

/** A value for a narrow table; null where there was none. */
export function valueWords(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
