/** Presets of a pipeline: named values of its parameters. */
import type { Params } from '../base/json'
import type { Parameters } from './parameters'

const MOST = 100

/** Why there can be no further preset; null when there can. */
export const presetTrouble = (name: string, names: readonly string[]): string | null =>
  names.length >= MOST && !names.includes(name) ? `A pipeline has at most ${MOST} presets. Delete one first.` : null

/** What the fields of a run show: values, and the defaults of the others. */
export const shownValues = (parameters: Parameters, values: Params): Params =>
  Object.fromEntries(Object.entries(parameters).flatMap(([name, parameter]) => {
    const value = values[name] ?? (parameter.required ? null : (parameter.default ?? null))
    return value === null ? [] : [[name, value]]
  }))

/** The values that a preset does not give. */
export const without = (values: Params, preset: Params): Params =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(preset[name])))
