/** A one-line description of a node: its settings that differ from their default. */
import { isChanged, isShown, paramValue, type Module, type Param, type ParamKind } from './catalogue'
import { readRules, rulesWords } from './columnRules'
import type { Json, Params } from '../base/json'
import { lowered } from '../base/words'

const short = (text: string, most = 28) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

function numberWords(value: Json, param: Param): string {
  if (typeof value !== 'number') return ''
  const share = param.kind === 'number' && param.min === 0 && param.max === 1
  return `${lowered(param.title)} ${share ? `${Number((value * 100).toFixed(1))}\u00a0%` : String(value).replace('-', '−')}`
}

const words: Record<ParamKind, (value: Json, param: Param) => string> = {
  number: numberWords,
  integer: numberWords,
  seed: (value) => (typeof value === 'number' ? `seed ${value}` : ''),
  text: (value) => (typeof value === 'string' ? short(value) : ''),
  multiline: (value) => (typeof value === 'string' ? short(value.split('\n')[0] ?? '') : ''),
  code: (value) => (typeof value === 'string' ? short(value.split('\n').find((line) => line.trim()) ?? '') : ''),
  switch: (value, param) => `${lowered(param.title)}${value === true ? '' : ' off'}`,
  choice: (value, param) => (param.choices?.find((choice) => choice.value === value)?.title ?? '').toLowerCase(),
  column: (value, param) => (typeof value !== 'string' ? '' : param.required ? value : `${lowered(param.title)} ${value}`),
  columns: (value) => short(rulesWords(readRules(value)), 36),
  dataset: (value) => (typeof value === 'string' ? value.replaceAll('_', ' ') : ''),
}

const MOST = 3
const plain = (text: string) => text.toLowerCase().replace(/[\s_-]+/g, ' ').trim()

/** Empty when nothing differs from its default; up to three settings, in their order, without what the title already says. */
export function describeNode(module: Module, params: Params, title = ''): string {
  return module.params
    .filter((param) => isShown(param, module, params) && isChanged(param, params))
    .map((param) => words[param.kind](paramValue(param, params), param))
    .filter((text) => text !== '' && plain(text) !== plain(title))
    .slice(0, MOST)
    .join(', ')
}
