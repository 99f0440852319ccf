/** Values of parameters that are typed as text. */
import type { Parameter } from './parameters'

export type TypedValue = string | number | boolean

/** Reads what was typed; an Error with words where it does not suit. */
export function readValue({ type, min, max }: Parameter, typed: string): TypedValue | Error {
  if (type === 'boolean') return typed === 'true'
  if (type !== 'number' && type !== 'integer') return typed
  const value = Number(typed)
  if (typed.trim() === '' || !Number.isFinite(value)) return new Error('Enter a number.')
  if (type === 'integer' && !Number.isInteger(value)) return new Error('Enter a whole number.')
  if (typeof min === 'number' && value < min) return new Error(`At least ${min}.`)
  if (typeof max === 'number' && value > max) return new Error(`At most ${max}.`)
  return value
}

export const shownDefault = ({ default: value }: Pick<Parameter, 'default'>): string => (value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value))
