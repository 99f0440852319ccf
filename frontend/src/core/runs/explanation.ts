/** Why a step was reused, or what differs from the nearest earlier result. */
import type { Schemas } from '../base/schemas'

export type Difference = Schemas['Difference']
export type Explanation = Schemas['Explanation']

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
