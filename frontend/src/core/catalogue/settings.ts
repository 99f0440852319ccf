/** Validates typed settings, and returns the message for an invalid one. */
import type { Param } from './catalogue'
import type { Json } from '../base/json'

export type Read = { ok: true; value: Json | undefined } | { ok: false; words: string }

/** The bounds of a number in words; empty without any. */
export function boundsWords({ min, max, exclusive_min, exclusive_max }: Partial<Pick<Param, 'min' | 'max' | 'exclusive_min' | 'exclusive_max'>>): string {
  const low = min?.toLocaleString('en') ?? null
  const high = max?.toLocaleString('en') ?? null
  if (low !== null && high !== null && !exclusive_min && !exclusive_max) return `from ${low} to ${high}`
  const ends = [low !== null && `${exclusive_min ? 'above' : 'at least'} ${low}`, high !== null && `${exclusive_max ? 'below' : 'at most'} ${high}`]
  return ends.filter(Boolean).join(' and ')
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
  return isInRange(value, param) ? { ok: true, value } : { ok: false, words: `Must be ${boundsWords(param)}.` }
}

/** A range of so many times its least value is on a logarithmic scale. */
const WIDE = 200

export interface Scale {
  min: number
  max: number
  step: number
  /** From a position of the slider to the setting's value, and back. */
  value(at: number): number
  at(value: number): number
}

/** The scale of a setting's slider; null where it has none. */
export function sliderScale({ kind, min, max }: Pick<Param, 'kind' | 'min' | 'max'>): Scale | null {
  if (typeof min !== 'number' || typeof max !== 'number' || max <= min) return null
  const whole = kind !== 'number'
  if (min <= 0 || max / min < WIDE) return { min, max, step: sliderStep(min, max, whole), value: (at) => Number(at.toFixed(6)), at: (value) => value }
  const span = Math.log(max / min)
  const rounded = (value: number) => Math.min(max, Math.max(min, whole ? Math.round(Number(value.toPrecision(2))) : Number(value.toPrecision(2))))
  return { min: 0, max: 100, step: 1, value: (at) => rounded(min * Math.exp((span * at) / 100)), at: (value) => (100 * Math.log(Math.max(value, min) / min)) / span }
}

/** A round step size that gives a slider about a hundred stops. */
export function sliderStep(min: number, max: number, whole: boolean): number {
  const rough = 10 ** Math.floor(Math.log10((max - min) / 20))
  return whole ? Math.max(1, Math.round(rough)) : rough
}

/** The default as it is named beside the setting; null for none, and for what is too long to name. */
function defaultName(param: Param): string | null {
  const value = param.default ?? null
  if (value === null || value === '' || typeof value === 'object') return null
  if (param.kind === 'choice') return param.choices?.find((choice) => choice.value === value)?.title ?? String(value)
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
}

/** The default in words, for the help of a setting. */
export function defaultWords(param: Param): string {
  const value = param.default ?? null
  if (typeof value === 'object' && value !== null && !(Array.isArray(value) && value.length === 0)) return `Default: ${JSON.stringify(value)}`
  return (value === null || value === '') && param.required ? 'Required.' : `Default: ${defaultName(param) ?? 'none'}`
}

const SHORT = 18

/** The button that goes back to the default: "Reset to 100". */
export function resetWords(param: Param): string {
  const name = defaultName(param)
  return name !== null && name.length <= SHORT && param.kind !== 'code' && param.kind !== 'multiline' ? `Reset to ${name}` : 'Reset'
}
