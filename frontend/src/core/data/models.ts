/** Registered models: versions, aliases, stages, and versions side by side. */
import { count, counted, dataFigure, figure } from '../base/numbers'
import type { Schemas } from '../base/schemas'

export type RegisteredModel = Schemas['RegisteredModel']
export type ModelVersion = Schemas['ModelVersion']
export type ModelVersionBrief = Schemas['ModelVersionBrief']
export type ModelComparison = Schemas['Comparison']
export type RegistryChange = Schemas['RegistryChange']
export type ModelImport = Schemas['ModelImport']
export type OnnxFile = Schemas['OnnxFile']
export type Gate = Schemas['Gate']
export type Stage = ModelVersionBrief['stage']

export const STAGES: readonly Stage[] = ['candidate', 'approved', 'retired']
export const STAGE_WORDS: Record<Stage, string> = { candidate: 'Candidate', approved: 'Approved', retired: 'Retired' }

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/
const NAME_WORDS = 'Use 1 to 64 lowercase letters, digits and -, with a letter or digit first.'

/** Why a name cannot be sent; null when it can. */
export const modelNameProblem = (name: string): string | null => (name === '' || NAME.test(name) ? null : NAME_WORDS)

/** Why a word is no alias; null when it is. */
export function aliasProblem(alias: string): string | null {
  if (alias === '') return null
  if (!NAME.test(alias)) return NAME_WORDS
  return /^(latest|v?\d+)$/.test(alias) ? '“latest” and numbers name versions themselves.' : null
}

/** A valid name near a text. */
export const suggestedName = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64).replace(/-+$/, '') || 'model'

export const matchesModel = ({ name, former_names, description }: RegisteredModel, search: string): boolean =>
  [name, description, ...former_names].some((text) => text.toLowerCase().includes(search.trim().toLowerCase()))

export const GATE_KINDS: { value: Gate['kind']; label: string }[] = [
  { value: 'parity', label: 'Proof of parity' }, { value: 'signature', label: 'Compatible signature' },
  { value: 'figure', label: 'Figure' }, { value: 'approved', label: 'Approved version' },
]

export const newGate = (): Gate => ({ kind: 'parity', alias: '', figure: '', bound: null, margin: null })

/** The figures that versions of a model have, for a choice. */
export function figureKeys({ versions }: Pick<RegisteredModel, 'versions'>): { value: string; label: string }[] {
  const found = new Map(versions.flatMap(({ metrics }) => metrics.map(({ key, title }) => [key, title] as const)))
  return [...found].map(([value, label]) => ({ value, label }))
}

/** The first figure of a version, which lists show. */
export const firstFigure = ({ metrics }: ModelVersionBrief) => metrics[0] ?? null

/** A change of the history in a sentence without its subject. */
export function changeWords({ alias, before, after, number, stage_before, stage_after }: RegistryChange): string {
  if (alias === '') return `Version ${number}: ${STAGE_WORDS[stage_before as Stage].toLowerCase()} → ${STAGE_WORDS[stage_after as Stage].toLowerCase()}`
  if (after === null) return `Alias ${alias} removed from version ${before}`
  return before === null ? `Alias ${alias} set to version ${after}` : `Alias ${alias} moved from version ${before} to ${after}`
}

/** A fact of a version as text; `none` where it has none. */
export const factWords = (value: unknown): string => (value === null || value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value))

/** The address of the page that compares versions of a model. */
export const comparisonOf = (model: string, versions: number[]): string => `/models/${model}?compare=${versions.join(',')}`

type ComparedFigure = ModelComparison['figures'][number]

/** One bar for each version, with its interval; null for a figure of which fewer than two are known. */
export function figureChart({ title, values, intervals }: ComparedFigure, numbers: readonly number[]): { title: string; description: string; spec: Record<string, unknown> } | null {
  const rows = values.flatMap((value, at) => (value === null ? [] : [{ version: `v${numbers[at]}`, value, low: intervals[at]?.[0] ?? null, high: intervals[at]?.[1] ?? null }]))
  if (rows.length < 2) return null
  const x = { field: 'version', type: 'nominal', sort: null, title: null, axis: { labelAngle: 0 } }
  return {
    title,
    description: `${title} of ${rows.map(({ version, value }) => `${version}: ${value.toPrecision(4)}`).join(', ')}.`,
    spec: {
      data: { values: rows },
      encoding: { x },
      layer: [
        { mark: { type: 'point', filled: true, size: 70, tooltip: true }, encoding: { y: { field: 'value', type: 'quantitative', title: null, scale: { zero: false } } } },
        { transform: [{ filter: 'datum.low !== null' }], mark: { type: 'rule' }, encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } } },
      ],
    },
  }
}

/** Grouped bars of how much each feature counts in each version: the strongest ones. */
export function importanceChart(importance: ModelComparison['importance'], numbers: readonly number[]): { title: string; description: string; spec: Record<string, unknown> } | null {
  const strongest = importance.toSorted((one, two) => strength(two.values) - strength(one.values)).slice(0, 15)
  const rows = strongest.flatMap(({ feature, values }) => values.flatMap((value, at) => (value === null ? [] : [{ feature, version: `v${numbers[at]}`, value }])))
  if (rows.length === 0) return null
  return {
    title: 'Strongest features',
    description: `How much each of ${strongest.length} features counts in each version.`,
    spec: {
      data: { values: rows },
      mark: { type: 'bar', tooltip: true },
      encoding: {
        y: { field: 'feature', type: 'nominal', sort: null, title: null }, x: { field: 'value', type: 'quantitative', title: null },
        yOffset: { field: 'version', type: 'nominal' }, color: { field: 'version', type: 'nominal', title: 'Version' },
      },
    },
  }
}

const strength = (values: readonly (number | null)[]) => Math.max(...values.map((value) => Math.abs(value ?? 0)))

/** The endings of files that are read as models. */
export const FILE_TYPES = '.skops,.onnx,.txt,.lgb,.json,.ubj,.zip'

export const TASK_WORDS: Record<string, string> = { regression: 'Predicts a number', two_class: 'Predicts one of two classes', multi_class: 'Predicts one of several classes' }

const INPUT_TYPES = ['number', 'integer', 'text', 'boolean']

interface Feature {
  name: string
  type: string
}

const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '')

/** Inputs of lines such as `age: number`; a line without a type is a number. */
export function readFeatures(text: string): Feature[] {
  return linesOf(text).map((line) => {
    const at = line.lastIndexOf(':')
    const type = line.slice(at + 1).trim()
    return at > 0 && INPUT_TYPES.includes(type) ? { name: line.slice(0, at).trim(), type } : { name: line, type: 'number' }
  })
}

/** Why lines are no inputs; null when they are. */
export function featuresProblem(text: string): string | null {
  const wrong = linesOf(text).find((line) => /:\s*[a-z]+$/i.test(line) && !INPUT_TYPES.includes(line.slice(line.lastIndexOf(':') + 1).trim()))
  return wrong === undefined ? null : `“${wrong}”: the type is one of ${INPUT_TYPES.join(', ')}.`
}

/** Names with commas between them. */
export const namesOf = (text: string): string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '')

/** How the answers of a converted file differ, as sentences. */
export function differenceWords({ largest, rows, labels, words, bits }: NonNullable<OnnxFile['difference']>): string {
  const off = largest === 0 ? 'No difference' : `The largest difference is ${figure(largest, 2)}`
  const changed = labels === 0 ? '' : ` ${counted(labels, 'row')} of ${count(rows)} ${labels === 1 ? 'gets' : 'get'} another label.`
  return `${off} on ${words}.${changed} The learner computes in ${bits} bits.`
}

/** What the rows of the run had in a column: categories, or the range of the data, whose whole numbers stay whole. */
export function seenWords({ categories, low, high }: NonNullable<ModelVersion['signature']>['inputs'][number]): string {
  if (categories) return `${categories.slice(0, 8).join(', ')}${categories.length > 8 ? `, and ${categories.length - 8} more` : ''}`
  return low !== null && high !== null ? `${dataFigure(low)} to ${dataFigure(high)}` : ''
}

/** Whether a figure may be compared as far as the numbers of rows say, where they are known: evaluations of other rows may differ by these alone. */
export function ofSameRows({ rows }: Pick<ComparedFigure, 'rows'>): boolean {
  return new Set(rows.filter((one) => one !== null)).size < 2
}
