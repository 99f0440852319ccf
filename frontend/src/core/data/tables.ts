/** A table as the server returns it: columns, rows, profile, and the query. */

export type ColumnKind = 'number' | 'text' | 'boolean' | 'datetime' | 'other'
export type ColumnRole = 'feature' | 'label' | 'score' | 'weight' | 'ignored'

export interface Column {
  name: string
  dtype: string
  kind: ColumnKind
  role: ColumnRole | null
  categorical: boolean
}

export type Cell = string | number | boolean | null | Cell[] | { [key: string]: Cell }

export interface RowsPage {
  total: number
  offset: number
  columns: Column[]
  rows: Cell[][]
}

export interface ColumnStats {
  min: Cell
  max: Cell
  mean: Cell
  median: Cell
  std: Cell
  q1: Cell
  q3: Cell
}

/** Edges are numbers, or times for a date column. */
export interface Histogram {
  edges: (number | string)[]
  counts: number[]
}

export interface ColumnProfile extends Column {
  missing: number
  /** Null for kinds of value that are not compared, such as lists. */
  distinct: number | null
  stats: ColumnStats | null
  histogram: Histogram | null
  top: { value: Cell; count: number }[] | null
}

export interface Profile {
  rows: number
  columns: ColumnProfile[]
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

/** The query as the query string of the rows endpoint. */
export function questionString(question: Question, offset: number, limit: number): string {
  const parts = [`offset=${offset}`, `limit=${limit}`]
  if (question.sort) parts.push(`sort=${encodeURIComponent((question.sort.descending ? '-' : '') + question.sort.column)}`)
  if (question.filters.length) parts.push(`filter=${encodeURIComponent(JSON.stringify(question.filters))}`)
  if (question.search) parts.push(`search=${encodeURIComponent(question.search)}`)
  return parts.join('&')
}

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
  return needsValue(filter.op) ? `${words} ${String(filter.value)}` : words
}
