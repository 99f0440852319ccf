/** Validates typed settings, and returns the message for an invalid one. */
import type { Param } from './catalogue'
import type { Json } from '../base/json'

export type Read = { ok: true; value: Json | undefined } | { ok: false; words: string }

function rangeWords({ min, max, exclusive_min, exclusive_max }: Param): string {
  const low = min?.toLocaleString('en') ?? null
  const high = max?.toLocaleString('en') ?? null
  if (low !== null && high !== null && !exclusive_min && !exclusive_max) return `Must be from ${low} to ${high}.`
  const ends = [low !== null && `${exclusive_min ? 'above' : 'at least'} ${low}`, high !== null && `${exclusive_max ? 'below' : 'at most'} ${high}`]
  return `Must be ${ends.filter(Boolean).join(' and ')}.`
}

function isInRange(value: number, { min, max, exclusive_min, exclusive_max }: Param): boolean {
  if (min !== null && min !== undefined && (value < min || (exclusive_min && value === min))) return false
  return !(max !== null && max !== undefined && (value > max || (exclusive_max && value === max)))
}

/** Parses a typed number; empty text means none where that is allowed, else the default. */
export function readNumber(text: string, param: Param): Read {
  const typed = text.trim().replace(',', '.')
  if (typed === '') return { ok: true, value: param.nullable ? null : undefined }
  const value = Number(typed)
  if (!Number.isFinite(value)) return { ok: false, words: 'Enter a number.' }
  if (param.kind !== 'number' && !Number.isInteger(value)) return { ok: false, words: 'Enter a whole number.' }
  return isInRange(value, param) ? { ok: true, value } : { ok: false, words: rangeWords(param) }
}

/** A round step size that gives a slider about a hundred stops. */
export function sliderStep(min: number, max: number, whole: boolean): number {
  const rough = 10 ** Math.floor(Math.log10((max - min) / 20))
  return whole ? Math.max(1, Math.round(rough)) : rough
}

/** The default in words, for the help of a setting. */
export function defaultWords(param: Param): string {
  const value = param.default ?? null
  if (value === null || value === '') return param.required ? 'Required.' : 'Default: none'
  if (param.kind === 'choice') return `Default: ${param.choices?.find((choice) => choice.value === value)?.title ?? String(value)}`
  if (typeof value === 'boolean') return `Default: ${value ? 'on' : 'off'}`
  if (typeof value === 'object') return Array.isArray(value) && value.length === 0 ? 'Default: none' : `Default: ${JSON.stringify(value)}`
  return `Default: ${value}`
}
