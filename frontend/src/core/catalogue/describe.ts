/** What a node does other than its module does by default, in words. */
import { isChanged, isShown, paramValue, type Module, type Param, type ParamKind } from './catalogue'
import { readRules, rulesWords } from './columnRules'
import { isRecord, type Json, type Params } from '../base/json'
import { count } from '../base/numbers'
import { lowered } from '../base/words'

const short = (text: string, most = 28) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** “trees” of “Trees” or “Number of trees”: what is counted stands behind its number. */
const countedNoun = (title: string) => /^(?:Number of )?([A-Za-z]+s)$/.exec(title)?.[1]?.toLowerCase()

function numberWords(value: Json, param: Param): string {
  if (typeof value !== 'number') return ''
  const noun = countedNoun(param.title)
  if (param.kind === 'integer' && noun && value !== 1) return `${count(value)}\u00a0${noun}`
  const share = param.kind === 'number' && param.min === 0 && param.max === 1 && !/rate$/i.test(param.title)
  return `${lowered(param.title)} ${share ? `${Number((value * 100).toFixed(1))}\u00a0%` : String(value).replace('-', '−')}`
}

/** A column names its setting only where the title reads on: “stratify by body-style”. */
const columnWords = (value: Json, { title }: Param) => (typeof value !== 'string' ? '' : / (by|on)$/.test(title) ? `${lowered(title)} ${value}` : value)

const words: Record<ParamKind, (value: Json, param: Param) => string> = {
  number: numberWords,
  integer: numberWords,
  seed: (value) => (typeof value === 'number' ? `seed ${value}` : ''),
  text: (value) => (typeof value === 'string' ? short(value) : ''),
  multiline: (value) => (typeof value === 'string' ? short(value.split('\n')[0] ?? '') : ''),
  code: (value) => (typeof value === 'string' ? short(value.split('\n').find((line) => line.trim()) ?? '') : ''),
  switch: (value, param) => `${lowered(param.title)}${value === true ? '' : ' off'}`,
  choice: (value, param) => (param.choices?.find((choice) => choice.value === value)?.title ?? '').toLowerCase(),
  column: columnWords,
  columns: (value) => short(rulesWords(readRules(value)).replace(/^all columns but not /, 'without '), 36),
  options: (value) => short(Object.entries(isRecord(value) ? value : {}).map(([name, each]) => `${name} ${typeof each === 'string' ? each : JSON.stringify(each)}`).join(', '), 36),
  space: (value) => short(Object.entries(isRecord(value) ? value : {}).map(([name, tried]) => `${name.replaceAll('_', ' ')} ${tried === null ? 'as it is' : String(tried)}`).join(', '), 36),
  dataset: (value) => (typeof value === 'string' ? value.replaceAll('_', ' ') : ''),
  model_version: (value) => (typeof value === 'string' && value ? (/^\d/.test(value) ? `version ${value}` : value) : ''),
  connection: (value) => (typeof value === 'string' ? value : ''),
}

/** What is set other than by default, or driven by a parameter, each in a few words, in the order of the settings. */
export function differences(module: Module, params: Params, driven: Readonly<Record<string, string>> = {}): string[] {
  return module.params
    .filter((param) => isShown(param, module, params) && (isChanged(param, params) || param.name in driven))
    .map((param) => {
      const text = words[param.kind](paramValue(param, params), param)
      return param.name in driven ? `${text || lowered(param.title)} from ${driven[param.name]}` : text
    })
    .filter((text) => text !== '')
}
