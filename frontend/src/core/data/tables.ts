/** A table as the server returns it: columns, rows, profile, and the query. */
import type { Json } from '../base/json'
import { dataFigure } from '../base/numbers'
import type { Schemas } from '../base/schemas'

export type Column = Schemas['Column']
export type ColumnKind = Column['kind']
export type ColumnRole = Column['role']
export type RowsPage = Schemas['Rows']
/** A value of a table; tables of reports may also hold lists. */
export type Cell = Json
export type Profile = Schemas['Profile']
export type ColumnProfile = Schemas['ColumnProfile']
export type ColumnStats = Schemas['Stats']
/** Edges are numbers, or times for a date column. */
export type Histogram = Schemas['Histogram']

const TYPES: Record<Exclude<ColumnKind, 'other'>, string> = { number: 'Number', boolean: 'Boolean', datetime: 'Datetime', text: 'Text' }

/** The type of a column as Edit Metadata names it. */
export function typeWords({ kind, dtype }: Pick<Column, 'kind' | 'dtype'>): string {
  if (kind === 'other') return dtype
  if (kind === 'number' && /^U?Int/.test(dtype)) return 'Integer'
  return kind === 'datetime' && dtype === 'Date' ? 'Date' : TYPES[kind]
}

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'contains', 'missing', 'present'] as const
export type Operator = (typeof OPERATORS)[number]

export interface Filter {
  column: string
  op: Operator
  value: string | number | boolean | null
}

export interface Sort {
  column: string
  descending: boolean
}

/** The query on a table, without the row range. */
export interface Question {
  sort: Sort | null
  filters: Filter[]
  search: string
}

export const EVERYTHING: Question = { sort: null, filters: [], search: '' }

/** The query as parameters of the rows endpoint. */
export function questionQuery({ sort, filters, search }: Question, offset: number, limit: number) {
  return {
    offset,
    limit,
    sort: sort ? [(sort.descending ? '-' : '') + sort.column] : undefined,
    filter: filters.length ? JSON.stringify(filters) : undefined,
    search: search || undefined,
  }
}

/** The rows that an address asks for: a query on one of the tables that its page shows, named as on the page. */
export function askedOf(query: URLSearchParams, table: string): Question {
  try {
    const { of, filters = [], sort = '' } = JSON.parse(query.get('rows') ?? '{}') as Partial<AskedRows>
    return of === table ? { filters, sort: sort ? { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : null, search: '' } : EVERYTHING
  } catch {
    return EVERYTHING // an incomplete address shows all rows
  }
}

interface AskedRows {
  of: string
  filters: Filter[]
  sort: string
}

export const askedAddress = (asked: AskedRows) => `rows=${encodeURIComponent(JSON.stringify(asked))}`

/** Ascending, then descending, then unsorted. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) return { column, descending: false }
  return sort.descending ? null : { column, descending: true }
}

/** The operators for a kind of column. */
export function operatorsFor(kind: ColumnKind): Operator[] {
  if (kind === 'number' || kind === 'datetime') return ['=', '!=', '<', '<=', '>', '>=', 'missing', 'present']
  if (kind === 'boolean') return ['=', 'missing', 'present']
  return ['=', '!=', 'contains', 'missing', 'present']
}

export function isNumberKind(column: Column): boolean {
  return column.kind === 'number'
}

export function needsValue(op: Operator): boolean {
  return op !== 'missing' && op !== 'present'
}

/** Typed text as a value of the column's kind; undefined when it is invalid. */
export function filterValue(kind: ColumnKind, typed: string): Filter['value'] | undefined {
  const text = typed.trim()
  if (kind === 'number') {
    const number = Number(text.replace(',', '.'))
    return text === '' || Number.isNaN(number) ? undefined : number
  }
  if (kind === 'boolean') return text === 'true'
  return text === '' ? undefined : text
}

/** One filter per column: a new one replaces the old. */
export function withFilter(filters: Filter[], column: string, filter: Filter | null): Filter[] {
  const others = filters.filter((one) => one.column !== column)
  return filter ? [...others, filter] : others
}

const OPERATOR_WORDS: Record<Operator, string> = {
  '=': 'is', '!=': 'is not', '<': 'below', '<=': 'at most', '>': 'above', '>=': 'at least',
  contains: 'contains', missing: 'is missing', present: 'is present',
}

export function operatorWords(op: Operator): string {
  return OPERATOR_WORDS[op]
}

export function filterWords(filter: Filter): string {
  const words = `${filter.column} ${operatorWords(filter.op)}`
  return needsValue(filter.op) ? `${words} ${valueWords(filter.value)}` : words
}

/** A text with spaces at its ends, or an empty one, stands in quotation marks. */
const valueWords = (value: Filter['value']) => (typeof value === 'string' && (value === '' || value !== value.trim()) ? `“${value}”` : String(value))

/** Whether a column of numbers has so few values that each gets a bar: 0 and 1 are no histogram. */
export function hasBars({ kind, distinct, top }: ColumnProfile): boolean {
  return kind === 'number' && distinct !== null && distinct <= 2 && (top?.length ?? 0) > 0
}

/** The least and the greatest value of a column with a histogram, as short as its header. */
export function rangeOf(profile: ColumnProfile): [string, string] | null {
  const edges = profile.histogram?.edges
  if (!edges?.length || hasBars(profile)) return null
  const { min, max } = profile.stats ?? { min: edges[0], max: edges.at(-1) }
  return [endWords(min), endWords(max)]
}

const endWords = (end: Json | undefined) => (typeof end === 'number' ? dataFigure(end) : typeof end === 'string' ? end.slice(0, 10) : '–')
