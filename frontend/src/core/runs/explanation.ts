/** Why a step was reused, or what differs from the nearest earlier result. */
import type { Json } from '../base/json'
import type { Schemas } from '../base/schemas'
import type { Module } from '../catalogue/catalogue'
import { readRules, rulesWords } from '../catalogue/columnRules'

export type Difference = Schemas['Difference']
export type Explanation = Schemas['Explanation']

/** One difference as a sentence: the words around a name and its two values. */
export interface Told {
  /** Before the name. */
  lead: string
  /** The name as the form and the card show it, where they do; empty when the lead says it all. */
  name: string
  /** The values; null where the sentence has none. */
  values: { before: string | null; after: string | null } | null
}

/** With the module, settings and ports are named as they are shown, and so are choices and rules. */
export function told({ kind, name, before, after }: Difference, module?: Module): Told {
  const values = { before: valueWords(before), after: valueWords(after) }
  const either = values.before !== null || values.after !== null
  if (kind === 'setting') return settingTold(name, before, after, module)
  if (kind === 'column') return { lead: 'Column', name, values }
  if (kind === 'library') return { lead: 'Library', name, values }
  if (kind === 'module') return { lead: 'The module', name: '', values: either && values.before !== values.after ? values : null }
  if (kind === 'source') return name === 'state' || name === 'run' ? { lead: 'The source changed.', name: '', values: null } : { lead: 'Another place is behind the connection at', name: titleOf(module?.params, name), values: null }
  if (kind === 'path') return { lead: `The modules that prepare ${titleOf(module?.inputs, name)} changed.`, name: '', values: null }
  if (kind === 'dataset') return { lead: 'The dataset has new rows.', name: '', values: null }
  return { lead: 'New data arrived at', name: titleOf(module?.inputs, name), values: null }
}

const titleOf = (all: readonly { name: string; title: string }[] | undefined, name: string) => all?.find((each) => each.name === name)?.title ?? name

function settingTold(name: string, before: unknown, after: unknown, module?: Module): Told {
  const param = module?.params.find((each) => each.name === name)
  const words = (value: unknown) => {
    if (param?.kind === 'columns') return rulesWords(readRules(value as Json)) || valueWords(value)
    return param?.choices?.find((choice) => choice.value === value)?.title ?? valueWords(value)
  }
  return { lead: '', name: param?.title ?? name, values: { before: words(before), after: words(after) } }
}

/** A value in a sentence; null where there was none. */
export function valueWords(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether comparing the tables may tell more than this explanation does. */
export const mayCompareTables = ({ differences }: Explanation): boolean =>
  differences.some(({ kind }) => kind === 'input' || kind === 'dataset') && !differences.some(({ kind }) => kind === 'column')
