/** Edits of parameters, each one undo step. */
import type { Json, Params } from '../core/base/json'
import { drivenBy, givenValue, nameTrouble, parameterName, parameterOf, writtenParams, type Driven, type Parameter } from '../core/graph/parameters'
import type { Param } from '../core/catalogue/catalogue'
import { editable, startStep, useDocument } from './document'
import * as shared from './sharedGraph'

const now = () => useDocument.getState()

/** A setting, or `setting.option`, of a node. */
export interface SettingPlace {
  node: string
  path: string
}

/** Writes what drives some settings of a node; one that nothing drives any more keeps its value. */
function rewrite({ node, path }: SettingPlace, change: (driven: Record<string, string>) => void, value?: Json) {
  const doc = editable()
  const held = now().nodes[node]
  if (!doc || !held) return
  const [setting = '', option] = path.split('.')
  const driven: Record<string, string> = { ...held.driven }
  change(driven)
  const params = { ...held.params }
  if (value !== undefined && option === undefined) params[setting] = value
  if (value !== undefined && option !== undefined) params[setting] = { ...(params[setting] as Record<string, Json> | undefined), [option]: value }
  const own: Driven = Object.fromEntries(Object.entries(driven).filter(([each]) => each === path || each.startsWith(`${setting}.`)))
  shared.setParam(doc, node, setting, writtenParams(setting in params ? { [setting]: params[setting] ?? null } : {}, own)[setting])
}

/** Lets a parameter drive a setting. */
export function drive(place: SettingPlace, name: string) {
  startStep()
  rewrite(place, (driven) => (driven[place.path] = name))
}

/** Makes a parameter of a setting, with its value; returns its name. */
export function promoteToParameter(place: SettingPlace, param: Param, value: Json): string | null {
  const doc = editable()
  const parameter = parameterOf(param, value)
  if (!doc || !parameter) return null
  const name = parameterName(param.name, now().parameters)
  startStep()
  shared.change(doc, () => {
    shared.setParameter(doc, name, parameter)
    rewrite(place, (driven) => (driven[place.path] = name))
  })
  return name
}

/** Gives a setting back its own value: the present one. */
export function release(place: SettingPlace) {
  const name = now().nodes[place.node]?.driven?.[place.path]
  startStep()
  rewrite(place, (driven) => delete driven[place.path], givenValue(now().parameters[name ?? '']))
}

export function addParameter(name: string, parameter: Parameter) {
  const doc = editable()
  if (!doc) return
  startStep()
  shared.setParameter(doc, parameterName(name, now().parameters), parameter)
}

/** Changes some of a parameter; `undefined` removes a key. */
export function changeParameter(name: string, change: { [Key in keyof Parameter]?: Parameter[Key] | undefined }) {
  const doc = editable()
  const held = now().parameters[name]
  if (!doc || !held) return
  const next = Object.fromEntries(Object.entries({ ...held, ...change }).filter(([, value]) => value !== undefined))
  shared.setParameter(doc, name, next as Parameter)
}

/** Renames a parameter, with all that refers to it; returns why it cannot, or null. */
export function renameParameter(from: string, to: string): string | null {
  const doc = editable()
  const { parameters, nodes } = now()
  const held = parameters[from]
  if (!doc || !held || to === from) return null
  const trouble = nameTrouble(to, from, parameters)
  if (trouble) return trouble
  startStep()
  shared.change(doc, () => {
    shared.setParameter(doc, to, held)
    for (const place of drivenBy(nodes, from)) rewriteAll(place.node, (name) => (name === from ? to : name))
    rewritePresets(from, to)
    shared.setParameter(doc, from, undefined)
  })
  return null
}

/** Removes a parameter; the settings that it drove keep its value. */
export function removeParameter(name: string) {
  const doc = editable()
  const { nodes } = now()
  if (!doc) return
  startStep()
  shared.change(doc, () => {
    for (const { node } of drivenBy(nodes, name)) rewriteAll(node, (each) => (each === name ? null : each))
    rewritePresets(name, null)
    shared.setParameter(doc, name, undefined)
  })
}

/** Saves values as a preset of the pipeline, in place of one of that name; `undefined` removes it. */
export function savePreset(name: string, values: Params | undefined) {
  const doc = editable()
  if (!doc) return
  startStep()
  shared.setPreset(doc, name, values)
}

/** Gives the values of a parameter in presets to another name; null removes them. */
function rewritePresets(from: string, to: string | null) {
  const doc = editable()
  if (!doc) return
  for (const [preset, values] of Object.entries(now().presets)) {
    if (!(from in values)) continue
    const { [from]: value = null, ...others } = values
    shared.setPreset(doc, preset, to === null ? others : { ...others, [to]: value })
  }
}

/** Writes all driven settings of a node again; null leaves a setting its value. */
function rewriteAll(node: string, change: (name: string) => string | null) {
  const doc = editable()
  const held = now().nodes[node]
  if (!doc || !held?.driven) return
  const driven = Object.fromEntries(Object.entries(held.driven).flatMap(([path, name]) => {
    const next = change(name)
    return next === null ? [] : [[path, next]]
  }))
  const written = writtenParams(held.params, driven)
  for (const setting of new Set(Object.keys(held.driven).map((path) => path.split('.')[0] ?? ''))) shared.setParam(doc, node, setting, written[setting])
}
