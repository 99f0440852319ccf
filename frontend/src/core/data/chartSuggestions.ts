/** Charts of a table on demand: the chart type for the chosen columns, and correlations. */

import { isNumberKind, type Cell, type Column, type RowsPage } from './tables'

export interface Chosen {
  x: Column
  y: Column | null
  color: Column | null
}

type Field = Record<string, unknown>
type Spec = Record<string, unknown>

/** Names with dots or brackets would be parsed as paths; fields are numbered instead. */
const field = (place: number) => `c${place}`

const BINS = 30
const MOST_VALUES = 15
const MOST_COLORS = 12
const FEW_WHOLE = 12

/** The rows in Vega-Lite's format, with the chosen columns only. */
function valuesOf(page: RowsPage, chosen: Column[]): Record<string, Cell>[] {
  const places = chosen.map((column) => page.columns.findIndex((one) => one.name === column.name))
  const shown = (value: Cell, column: Column) => (isContinuous(column) ? value : value === null ? '(missing)' : value === '' ? '(empty)' : value)
  return page.rows.map((row) => Object.fromEntries(chosen.map((column, index) => [field(index), shown(row[places[index] ?? -1] ?? null, column)])))
}

function axis(place: number, column: Column, more: Field = {}): Field {
  const type = isNumberKind(column) ? 'quantitative' : column.kind === 'datetime' ? 'temporal' : 'nominal'
  return { field: field(place), type, title: column.name, ...(type === 'quantitative' ? { scale: { zero: false } } : {}), ...(type === 'nominal' ? { axis: { labelAngle: 0 } } : {}), ...more }
}

/** A histogram or bars for one column; a scatter plot, box plots or a heat map for two. */
export function chartOf({ x, y, color }: Chosen, page: RowsPage): { spec: Spec; words: string } {
  const chosen = [x, y, color].filter((column): column is Column => column !== null)
  const hue = color ? { color: axis(y ? 2 : 1, color, { scale: undefined, axis: undefined }) } : {}
  const tooltip = chosen.map((column, place) => ({ field: field(place), title: column.name }))
  const transform = [x, y].flatMap((column, place) => (column && !isContinuous(column) ? mostCommon(place) : []))
  const spec = (mark: Field, encoding: Field): Spec => ({ data: { values: valuesOf(page, chosen) }, transform, mark, encoding: { ...hue, ...encoding } })
  const many = { aggregate: 'count', title: 'Rows' }

  if (!y) {
    if (isNumberKind(x) && hasFewWhole(x, page)) return { spec: spec({ type: 'bar' }, { x: axis(0, x, { type: 'ordinal', scale: undefined, axis: { labelAngle: 0 } }), y: many }), words: `Rows by ${x.name}` }
    if (isNumberKind(x)) return { spec: spec({ type: 'bar' }, { x: axis(0, x, { bin: { maxbins: BINS } }), y: many }), words: `Histogram of ${x.name}` }
    if (x.kind === 'datetime') return { spec: spec({ type: 'area', line: true }, { x: axis(0, x), y: many }), words: `Rows over ${x.name}` }
    return { spec: spec({ type: 'bar' }, { y: axis(0, x, { sort: '-x' }), x: many }), words: `Most common values of ${x.name}` }
  }
  const words = `${y.name} against ${x.name}`
  const [xContinuous, yContinuous] = [isContinuous(x), isContinuous(y)]
  if (xContinuous && yContinuous) return { spec: spec({ type: 'point', tooltip: true }, { x: axis(0, x), y: axis(1, y), tooltip }), words }
  if (xContinuous !== yContinuous) return { spec: spec({ type: 'boxplot' }, { x: axis(0, x), y: axis(1, y) }), words }
  return { spec: spec({ type: 'rect' }, { x: axis(0, x), y: axis(1, y), color: many }), words }
}

function isContinuous(column: Column): boolean {
  return isNumberKind(column) || column.kind === 'datetime'
}

/** Integers with few different values, such as 0 and 1: one bar per value is clearer than bins. */
function hasFewWhole(column: Column, page: RowsPage): boolean {
  const place = page.columns.findIndex(({ name }) => name === column.name)
  const different = new Set(page.rows.map((row) => row[place] ?? null).filter((value) => value !== null))
  return different.size <= FEW_WHOLE && [...different].every((value) => Number.isInteger(value))
}

/** Only the most frequent values of a text field, so that all fit. */
function mostCommon(place: number): Field[] {
  const [times, rank] = [`times${place}`, `rank${place}`]
  return [
    { joinaggregate: [{ op: 'count', as: times }], groupby: [field(place)] },
    { window: [{ op: 'dense_rank', as: rank }], sort: [{ field: times, order: 'descending' }, { field: field(place) }] },
    { filter: `datum.${rank} <= ${MOST_VALUES}` },
  ]
}

/** The columns with few enough values to colour by. */
export function colorable(page: RowsPage): Column[] {
  return page.columns.filter((column, place) => isNumberKind(column) || new Set(page.rows.map((row) => row[place])).size <= MOST_COLORS)
}

/** Pearson's correlation of every pair of number columns, over the rows where both are present. */
export function correlations(page: RowsPage): { one: string; two: string; r: number }[] {
  const numbers = page.columns.flatMap((column, place) => (isNumberKind(column) ? [{ name: column.name, place }] : []))
  return numbers.flatMap((one) => numbers.flatMap((two) => {
    const r = pearson(page.rows, one.place, two.place)
    return r === null ? [] : [{ one: one.name, two: two.name, r }]
  }))
}

function pearson(rows: Cell[][], one: number, two: number): number | null {
  const pairs = rows.flatMap((row): [number, number][] => {
    const [a, b] = [row[one], row[two]]
    return typeof a === 'number' && typeof b === 'number' ? [[a, b]] : []
  })
  if (pairs.length < 2) return null
  const [meanA, meanB] = [mean(pairs.map(([a]) => a)), mean(pairs.map(([, b]) => b))]
  let [together, spreadA, spreadB] = [0, 0, 0]
  for (const [a, b] of pairs) {
    together += (a - meanA) * (b - meanB)
    spreadA += (a - meanA) ** 2
    spreadB += (b - meanB) ** 2
  }
  return spreadA > 0 && spreadB > 0 ? together / Math.sqrt(spreadA * spreadB) : null
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function correlationSpec(pairs: { one: string; two: string; r: number }[], size: number): Spec {
  const side = { type: 'nominal', sort: null, title: null }
  return {
    data: { values: pairs },
    height: Math.max(200, size * 22 + 60),
    mark: { type: 'rect' },
    encoding: {
      x: { field: 'two', ...side, axis: { labelAngle: -45 } },
      y: { field: 'one', ...side },
      color: { field: 'r', type: 'quantitative', title: 'Correlation', scale: { domain: [-1, 0, 1], range: 'diverging' } },
      tooltip: [{ field: 'one', title: 'Column' }, { field: 'two', title: 'With' }, { field: 'r', title: 'Correlation', format: '.3f' }],
    },
  }
}

/** The offsets of the windows to read, so that a sample covers a table of any length evenly. */
export function sampleOffsets(total: number, window: number, windows: number): number[] {
  if (total <= window * windows) return Array.from({ length: Math.ceil(total / window) }, (_, index) => index * window)
  return Array.from({ length: windows }, (_, index) => Math.round((index * (total - window)) / (windows - 1)))
}
