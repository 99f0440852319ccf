/** Column selectors: rules applied in order, starting from an empty selection. */
import type { Json } from '../base/json'
import type { Column } from '../data/tables'

export const COLUMN_TYPES = ['numeric', 'text', 'boolean', 'datetime', 'categorical'] as const
export type ColumnType = (typeof COLUMN_TYPES)[number]

export const ROLES = ['feature', 'label', 'score', 'weight', 'ignored'] as const
export type Role = (typeof ROLES)[number]

export type Selector = 'all' | { names: string[] } | { indices: string } | { types: ColumnType[] } | { roles: Role[] }
export type SelectorKind = 'all' | 'names' | 'indices' | 'types' | 'roles'

export interface Rule {
  does: 'include' | 'exclude'
  selector: Selector
}

const isRecord = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const strings = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [])

function readSelector(value: Json | undefined): Selector | null {
  if (value === 'all') return 'all'
  if (!isRecord(value)) return null
  if ('names' in value) return { names: strings(value.names) }
  if ('indices' in value) return { indices: String(value.indices ?? '') }
  if ('types' in value) return { types: COLUMN_TYPES.filter((type) => strings(value.types).includes(type)) }
  if ('roles' in value) return { roles: ROLES.filter((role) => strings(value.roles).includes(role)) }
  return null
}

/** Reads the rules of a setting; a plain list of names and "all" are accepted shorthands. */
export function readRules(value: Json): Rule[] {
  if (value === 'all') return [{ does: 'include', selector: 'all' }]
  if (!Array.isArray(value) || value.length === 0) return []
  if (value.every((each) => typeof each === 'string')) return [{ does: 'include', selector: { names: strings(value) } }]
  return value.flatMap((each) => {
    if (!isRecord(each)) return []
    const does = 'include' in each ? 'include' : 'exclude'
    const selector = readSelector(each[does])
    return selector ? [{ does, selector } satisfies Rule] : []
  })
}

export const writeRules = (rules: readonly Rule[]): Json => rules.map(({ does, selector }) => ({ [does]: selector }))

export const selectorKind = (selector: Selector): SelectorKind =>
  selector === 'all' ? 'all' : 'names' in selector ? 'names' : 'indices' in selector ? 'indices' : 'types' in selector ? 'types' : 'roles'

export function emptySelector(kind: SelectorKind): Selector {
  const empty: Record<SelectorKind, Selector> = {
    all: 'all', names: { names: [] }, indices: { indices: '' }, types: { types: [] }, roles: { roles: [] },
  }
  return empty[kind]
}

/** Positions in "1-4,6", counted from one. */
export function readIndices(text: string): Set<number> {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [first, last] = part.trim().split('-').map((each) => Number.parseInt(each, 10))
    if (first === undefined || Number.isNaN(first)) continue
    for (let at = first; at <= Math.min(last || first, first + 10000); at += 1) found.add(at)
  }
  return found
}

const TYPE_OF_KIND: Record<Column['kind'], ColumnType | null> = {
  number: 'numeric', text: 'text', boolean: 'boolean', datetime: 'datetime', other: null,
}

function matches(selector: Selector, column: Column, position: number): boolean {
  if (selector === 'all') return true
  if ('names' in selector) return selector.names.includes(column.name)
  if ('indices' in selector) return readIndices(selector.indices).has(position)
  if ('types' in selector) {
    return selector.types.some((type) => (type === 'categorical' ? column.categorical : TYPE_OF_KIND[column.kind] === type))
  }
  return selector.roles.includes(column.role ?? 'feature')
}

/** The names that the rules select from these columns, in the table's order. */
export function pickColumns(rules: readonly Rule[], columns: readonly Column[]): string[] {
  return columns
    .filter((column, at) => rules.reduce((taken, rule) => (matches(rule.selector, column, at + 1) ? rule.does === 'include' : taken), false))
    .map((column) => column.name)
}

/** The names in a picker: the columns, selected names that are not columns, and while the columns are unknown, the typed text. */
export function offeredNames(columns: readonly Column[] | null, chosen: readonly string[], typed: string): string[] {
  const known = columns?.map((column) => column.name) ?? [typed.trim()].filter(Boolean)
  return [...new Set([...known, ...chosen])]
}

function selectorWords(selector: Selector): string {
  if (selector === 'all') return 'all columns'
  if ('names' in selector) {
    return selector.names.length > 3 ? `${selector.names.slice(0, 2).join(', ')} and ${selector.names.length - 2} more` : selector.names.join(', ')
  }
  if ('indices' in selector) return `columns ${selector.indices}`
  if ('types' in selector) return `${selector.types.join(', ')} columns`
  return `${selector.roles.join(', ')} columns`
}

/** A rule without names changes nothing. */
const isEmpty = ({ selector }: Rule) => selector !== 'all' && Object.values(selector).every((value: string | string[]) => value.length === 0)

export function rulesWords(rules: readonly Rule[]): string {
  return rules
    .filter((rule) => !isEmpty(rule))
    .map(({ does, selector }, at) => (does === 'exclude' ? `but not ${selectorWords(selector)}` : `${at > 0 ? 'and ' : ''}${selectorWords(selector)}`))
    .join(' ')
}
