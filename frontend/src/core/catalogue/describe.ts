/** A one-line description of a node, generated from its settings. */
import { isShown, paramValue, type Module, type Param, type ParamKind } from './catalogue'
import { readRules, rulesWords } from './columnRules'
import type { Json, Params } from '../base/json'

const short = (text: string, most = 28) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** For use within a sentence; names such as L2 keep their capital. */
const lowered = (title: string) => (/^[A-Z](?![a-z ])/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1))

function numberWords(value: Json, param: Param): string {
  if (typeof value !== 'number') return ''
  const share = param.kind === 'number' && param.min === 0 && param.max === 1
  return `${lowered(param.title)} ${share ? `${Number((value * 100).toFixed(1))} %` : value}`
}

const words: Record<ParamKind, (value: Json, param: Param) => string> = {
  number: numberWords,
  integer: numberWords,
  seed: (value) => (typeof value === 'number' ? `seed ${value}` : ''),
  text: (value) => (typeof value === 'string' ? short(value) : ''),
  multiline: (value) => (typeof value === 'string' ? short(value.split('\n')[0] ?? '') : ''),
  code: (value) => (typeof value === 'string' ? short(value.split('\n').find((line) => line.trim()) ?? '') : ''),
  switch: (value, param) => (value === true ? lowered(param.title) : ''),
  choice: (value, param) => (param.choices?.find((choice) => choice.value === value)?.title ?? '').toLowerCase(),
  column: (value) => (typeof value === 'string' ? value : ''),
  columns: (value) => short(rulesWords(readRules(value)), 36),
  dataset: (value) => (typeof value === 'string' ? value.replaceAll('_', ' ') : ''),
}

/** Settings that differ from their default come first; others follow, up to three in total. */
export function describeNode(module: Module, params: Params): string {
  const shown = module.params.filter((param) => isShown(param, module, params))
  const changed = (param: Param) => JSON.stringify(paramValue(param, params)) !== JSON.stringify(param.default ?? null)
  const pieces = [...shown.filter(changed), ...shown.filter((param) => !changed(param))]
    .map((param) => ({ param, text: words[param.kind](paramValue(param, params), param) }))
    .filter(({ text }) => text !== '')
    .slice(0, 3)
  const order = new Map(module.params.map((param, at) => [param.name, at]))
  return pieces
    .sort((one, two) => (order.get(one.param.name) ?? 0) - (order.get(two.param.name) ?? 0))
    .map(({ text }) => text)
    .join(', ')
}
