/** Search spaces: which values a search tries of a setting, in their short form such as "loguniform(0.01, 0.3)" or "1; 2; 4". */

import { isRecord, type Json } from '../base/json'
import type { Param } from './catalogue'

export const SHAPES = ['uniform', 'loguniform', 'normal', 'lognormal', 'values'] as const
export type Shape = (typeof SHAPES)[number]

export const SHAPE_WORDS: Record<Shape, string> = { uniform: 'Even', loguniform: 'Logarithmic', normal: 'Normal', lognormal: 'Log-normal', values: 'Values' }

/** The numbers that a shape is made of. */
export const ENDS: Record<Exclude<Shape, 'values'>, [string, string]> = {
  uniform: ['From', 'To'], loguniform: ['From', 'To'], normal: ['Mean', 'Standard deviation'], lognormal: ['Mean of the logarithm', 'Standard deviation of the logarithm'],
}

/** A short form in its parts, as typed. */
export interface Tried {
  shape: Shape
  ends: [string, string]
  step: string
  values: string
}

const CALL = /^\s*(q?)(uniform|loguniform|normal|lognormal)\s*\((.*)\)\s*$/s
const CHOICE = /^\s*choice\s*\((.*)\)\s*$/s

export function readTried(text: string): Tried {
  const call = CALL.exec(text)
  if (!call) {
    const listed = CHOICE.exec(text)?.[1]?.replaceAll(',', ';') ?? text
    return { shape: 'values', ends: ['', ''], step: '', values: listed }
  }
  const [one = '', two = '', step = ''] = (call[3] ?? '').split(',').map((part) => part.trim())
  return { shape: call[2] as Shape, ends: [one, two], step: call[1] ? step : '', values: '' }
}

export function writeTried({ shape, ends, step, values }: Tried): string {
  if (shape === 'values') return values
  return step.trim() ? `q${shape}(${ends.join(', ')}, ${step})` : `${shape}(${ends.join(', ')})`
}

/** The same numbers in another shape; values become a range from the least to the largest, and a range its two ends. */
export function reshaped(tried: Tried, shape: Shape): Tried {
  if (shape === 'values') return { ...tried, shape, values: tried.values || tried.ends.filter(Boolean).join('; ') }
  if (tried.shape !== 'values') return { ...tried, shape }
  const numbers = tried.values.split(';').map(Number).filter((value) => Number.isFinite(value))
  return { shape, ends: numbers.length > 0 ? [`${Math.min(...numbers)}`, `${Math.max(...numbers)}`] : ['', ''], step: '', values: tried.values }
}

const SEARCHED = new Set<Param['kind']>(['number', 'integer', 'choice', 'switch', 'text'])

/** The settings of a learner that can be searched; a setting of kind options has its own, which `fields` are. */
export function searchable(params: readonly Param[], fields: readonly Param[]): Param[] {
  const choices = params.map(({ form_of }) => form_of)
  return [...params.filter(({ name, kind }) => SEARCHED.has(kind) && !choices.includes(name)), ...fields.filter(({ kind }) => SEARCHED.has(kind))]
}

/** The settings of a learner with those of the learners that it is made of: as they are called there where it is one, else after its number. */
export function withParts(own: readonly Param[], parts: readonly (readonly Param[])[]): Param[] {
  const taken = new Set(own.map(({ name }) => name))
  return [...own, ...parts.flatMap((params, place) => params.map((param) => (
    parts.length === 1 && !taken.has(param.name) ? param : { ...param, name: `${place + 1}.${param.name}`, title: `${place + 1}. ${param.title}` }
  )))]
}

/** The values that are tried: those that a user chose, else those that the learner declares; null for a setting that stays as it is. */
export function triedOf(param: Param, space: Json): string | null {
  const chosen = isRecord(space) ? space[param.name] : undefined
  if (chosen === null) return null
  return typeof chosen === 'string' ? chosen : param.search || null
}

/** What a setting that is not searched is searched over at first. */
export function offeredFor({ kind, search, choices, min, max, default: own }: Param): string {
  if (search) return search
  if (kind === 'switch') return 'true; false'
  if (kind === 'choice') return (choices ?? []).map(({ value }) => value).join('; ')
  if (kind === 'text') return String(own ?? '')
  return typeof min === 'number' && typeof max === 'number' ? `uniform(${min}, ${max})` : `${own ?? ''}`
}

/** The space with other values of a setting; undefined when all are as the learner declares them. */
export function withTried(space: Json, param: Param, text: string | null): Json | undefined {
  const others = Object.fromEntries(Object.entries(isRecord(space) ? space : {}).filter(([name]) => name !== param.name))
  const isOwn = text === (param.search || null)
  const left = isOwn ? others : { ...others, [param.name]: text }
  return Object.keys(left).length > 0 ? left : undefined
}
