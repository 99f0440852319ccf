/**
 * Parameters of a pipeline: named values that drive settings. In a document, a setting refers to one by `{"$parameter": name}`;
 * the canvas has the value in its place, and the reference beside it (`driven`), so that only what edits settings knows of parameters.
 */
import { isRecord, type Json, type Params } from '../base/json'
import type { Schemas } from '../base/schemas'
import type { Param, ParamKind } from '../catalogue/catalogue'
import { freshId, type GraphNode } from './graph'

export type Parameter = Schemas['Parameter']
export type ParameterType = Parameter['type']
export type Parameters = Readonly<Record<string, Parameter>>
/** The parameter of each driven setting, by its name; of an option, by both names: `parameters.alpha`. */
export type Driven = Readonly<Record<string, string>>

const REFERENCE = '$parameter'

/** The types that suit a kind of setting, the natural one first; a kind without any cannot be driven. */
const TYPES: Partial<Record<ParamKind, readonly ParameterType[]>> = {
  integer: ['integer'], seed: ['integer'], number: ['number', 'integer'], text: ['text', 'choice', 'date', 'time'], multiline: ['text'], model_version: ['text'], switch: ['boolean'],
  choice: ['choice'], column: ['column'], columns: ['columns'], dataset: ['dataset'], connection: ['connection'],
}
const KINDS: Record<ParameterType, ParamKind> = {
  integer: 'integer', number: 'number', text: 'text', boolean: 'switch', choice: 'choice', date: 'text', time: 'text', column: 'column', columns: 'columns', dataset: 'dataset', connection: 'connection',
}
export const PARAMETER_TYPES = Object.keys(KINDS) as ParameterType[]
const EMPTY: Record<ParameterType, Json> = { integer: 0, number: 0, text: '', boolean: false, choice: '', date: '2027-01-01', time: '00:00', column: '', columns: 'all', dataset: '', connection: '' }

export const labelOf = (name: string, parameter: Parameter | undefined) => parameter?.label || name

/** Reads the parameters of a document, leniently. */
export function readParameters(value: unknown): Record<string, Parameter> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).filter(([, each]) => isRecord(each) && PARAMETER_TYPES.includes(each.type as ParameterType))) as Record<string, Parameter>
}

/** The parameter that a value refers to; null for a plain value. */
export const referred = (value: unknown): string | null =>
  isRecord(value) && Object.keys(value).length === 1 && typeof value[REFERENCE] === 'string' ? value[REFERENCE] : null

export const reference = (name: string): Json => ({ [REFERENCE]: name })

/** The value that a parameter gives to settings: names of columns are a rule there. */
export function givenValue(parameter: Parameter | undefined): Json | undefined {
  const value = parameter?.default
  if (parameter?.type === 'columns' && Array.isArray(value) && value.every((each) => typeof each === 'string')) return [{ include: { names: value } }]
  return value
}

/** Settings with values in place of references, and what drives them; a reference to nothing leaves its default. */
export function readDriven(held: Params, parameters: Parameters): { params: Params; driven: Driven } {
  const driven: Record<string, string> = {}
  const plain = (values: Params, path: string): Params =>
    Object.fromEntries(Object.entries(values).flatMap(([key, value]) => {
      const name = referred(value)
      if (name !== null) {
        driven[path + key] = name
        const given = givenValue(parameters[name])
        return given === undefined ? [] : [[key, given]]
      }
      return [[key, path === '' && isRecord(value) ? plain(value as Params, `${key}.`) : value]]
    }))
  return { params: plain(held, ''), driven }
}

/** The values of a run, and where each is from. */
type GivenValues = Readonly<Record<string, { value: Json; source: string }>>

/** The values of a run that are not the defaults that its parameters had. */
export const givenTo = (run: { parameters: GivenValues; graph: { parameters: Parameters } }): Params =>
  Object.fromEntries(Object.entries(run.parameters).flatMap(([name, { value, source }]) =>
    source === 'default' || JSON.stringify(value) === JSON.stringify(run.graph.parameters[name]?.default) ? [] : [[name, value]]))

/** The value that a run was given for what drives a setting; undefined where it had the default. */
function ranWith(name: string, given: Params, parameters: Parameters): Json | undefined {
  const [ran, parameter] = [given[name], parameters[name]]
  return ran === undefined || !parameter ? undefined : givenValue({ ...parameter, default: ran })
}

/** Nodes with the values that a run was given in place of the defaults of parameters: a run with another value changes no pipeline. */
export function withGiven(nodes: Readonly<Record<string, GraphNode>>, given: Params, parameters: Parameters): Record<string, GraphNode> {
  return Object.fromEntries(Object.entries(nodes).map(([id, node]) => {
    const values = Object.entries(node.driven ?? {}).flatMap(([path, name]) => {
      const value = ranWith(name, given, parameters)
      return value === undefined ? [] : [[path.split('.'), value] as const]
    })
    if (values.length === 0) return [id, node]
    const params: Record<string, Json> = { ...node.params }
    for (const [[setting = '', option], value] of values) {
      const held = params[setting]
      params[setting] = option === undefined ? value : { ...(isRecord(held) ? (held as Record<string, Json>) : {}), [option]: value }
    }
    return [id, { ...node, params }]
  }))
}

/** “Fraction 0.6”: what a node ran with, where that is not the default of the parameter now. */
export const otherValues = ({ driven }: Pick<GraphNode, 'driven'>, given: Params, parameters: Parameters): string[] =>
  [...new Set(Object.values(driven ?? {}))].flatMap((name) => {
    const value = ranWith(name, given, parameters)
    const parameter = parameters[name]
    if (value === undefined || JSON.stringify(value) === JSON.stringify(givenValue(parameter))) return []
    return [`${labelOf(name, parameter)} ${typeof value === 'string' ? `“${value}”` : JSON.stringify(value)}`]
  })

/** Settings as the document holds them. */
export function writtenParams(params: Params, driven: Driven = {}): Params {
  const written: Params = { ...params }
  for (const [path, name] of Object.entries(driven)) {
    const [setting = '', option] = path.split('.')
    const held = written[setting]
    written[setting] = option === undefined ? reference(name) : { ...(isRecord(held) ? held : {}), [option]: reference(name) }
  }
  return written
}

/** One setting as the document holds it: an option that keeps its value stays driven. */
export function writtenValue(setting: string, value: Json | undefined, before: Params, driven: Driven = {}): Json | undefined {
  const held = before[setting]
  if (!isRecord(value) || !isRecord(held)) return value
  const kept = Object.entries(driven).filter(([path]) => {
    const [own, option] = path.split('.')
    return own === setting && option !== undefined && option in value && JSON.stringify(value[option]) === JSON.stringify(held[option])
  })
  return writtenParams({ [setting]: value }, Object.fromEntries(kept))[setting]
}

export const typesOf = ({ kind }: Pick<Param, 'kind'>): readonly ParameterType[] => TYPES[kind] ?? []

/** The parameter that a setting is promoted to: with its value, its bounds and its choices. */
export function parameterOf(param: Param, value: Json): Parameter | null {
  const [type] = typesOf(param)
  if (type === undefined) return null
  const parameter: Parameter = { type, default: value ?? EMPTY[type], label: param.title }
  if (param.help) parameter.help = param.help
  if (typeof param.min === 'number' && !param.exclusive_min) parameter.min = param.min
  if (typeof param.max === 'number' && !param.exclusive_max) parameter.max = param.max
  if (param.kind === 'choice') parameter.choices = (param.choices ?? []).map((choice) => choice.value)
  return parameter
}

/** A new parameter that is not made of a setting. */
export const newParameter = (type: ParameterType): Parameter => ({ type, default: EMPTY[type], ...(type === 'choice' && { default: 'a', choices: ['a', 'b'] }) })

/** The name of a new parameter: that of the setting, where it is free. */
export const parameterName = (setting: string, parameters: Parameters) => freshId(setting, new Set(Object.keys(parameters)))

/** The field in which a value of the parameter is entered. */
export function parameterField(name: string, parameter: Parameter): Param {
  return {
    name, title: labelOf(name, parameter), kind: KINDS[parameter.type], default: parameter.default, required: parameter.required ?? false, nullable: false, help: parameter.help ?? '',
    min: parameter.min ?? null, max: parameter.max ?? null, choices: (parameter.choices ?? []).map((value) => ({ value, title: value })),
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/** Why a parameter cannot have a name; null when it can. */
export function nameTrouble(name: string, from: string, parameters: Parameters): string | null {
  if (!NAME.test(name)) return 'Use letters, digits and underscores, at most 64, not starting with a digit.'
  return name !== from && name in parameters ? `There is a parameter “${name}” already.` : null
}

/** The settings that a parameter drives. */
export const drivenBy = (nodes: Readonly<Record<string, { driven?: Driven }>>, parameter: string) =>
  Object.entries(nodes).flatMap(([node, { driven = {} }]) => Object.entries(driven).flatMap(([path, name]) => (name === parameter ? [{ node, path }] : [])))
