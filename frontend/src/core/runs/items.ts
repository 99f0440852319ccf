/** The items of a fan-out: their counts, their table, and which are the best. */
import type { Json } from '../base/json'
import { count, duration, percent } from '../base/numbers'
import type { Schemas } from '../base/schemas'
import type { Cell, Column, Question, RowsPage } from '../data/tables'

export type Items = Schemas['Items']
export type Fan = Schemas['ShownFan']
export type Item = Schemas['ShownItem']
export type ItemState = Item['state']
export type BestItem = Schemas['BestItem']

/** In the order of the bar: what has ended, what goes on, what is left. */
export const ITEM_STATES = ['done', 'reused', 'failed', 'running', 'waiting'] as const satisfies readonly ItemState[]

/** The figure by which items are compared. */
export const SCORE = 'score'

export function countsOf({ total, ended, failed, reused, running }: Fan): Record<ItemState, number> {
  return { done: ended - failed - reused, reused, failed, running, waiting: total - ended - running }
}

/** The state that is shown: in a step that is over, what has not begun is left out, and waits no more. */
export const shownState = (state: ItemState, over: boolean) => (state === 'waiting' && over ? 'skipped' : state)

/** How many items there will be: a search that goes on has asked for some of them only. */
const expectedOf = ({ total, most, left_seconds }: Fan) => (left_seconds === null ? total : (most ?? total))

/** How far it is, how many end in a second or a minute, and how long it will take at that rate. */
export function fanWords(fan: Fan): string {
  const { ended, noun, left_seconds, search, most } = fan
  const total = expectedOf(fan)
  if (total === 0) return `No ${noun}`
  if (ended === total) return `${count(total)} ${noun}`
  const left = left_seconds === null ? '' : ` · about ${leftWords(Math.max(1, Math.round(left_seconds)))} left`
  if (search && most === null) return `${count(ended)} ${noun}${left}`
  return `${count(ended)} of ${count(total)} ${noun} · ${percent(ended / total)}${search || left_seconds === null ? '' : rateWords((total - ended) / left_seconds)}${left}`
}

function rateWords(perSecond: number): string {
  if (!Number.isFinite(perSecond) || perSecond * 60 < 1) return ''
  return perSecond < 1 ? ` · ${count(Math.round(perSecond * 60))} a minute` : ` · ${count(Math.round(perSecond))} a second`
}

/** The same for a screen reader, which is told each tenth. */
export function spokenWords(fan: Fan): string {
  const { ended, noun, search, most, left_seconds } = fan
  const total = expectedOf(fan)
  if (search && most === null && left_seconds !== null) return `${Math.floor(ended / 10) * 10} ${noun} and more`
  return ended < total ? `${Math.floor((10 * ended) / total) * 10}\u00a0% of ${noun}` : `All ${noun} have ended`
}

const leftWords = (seconds: number) => (seconds < 60 ? `${seconds}\u00a0s` : duration(seconds))

const column = (name: string, kind: Column['kind']): Column => ({ name, kind, dtype: kind === 'number' ? 'Float64' : 'String', role: 'feature' } as Column)

const KEY = 'Key'
const STATE = 'State'
const TIME = 'Time'
const FAILURE = 'Failure'

/** A page of items as rows of a table. A row has one more cell than there are columns: the item itself, which no column shows. */
export function itemRows({ found, figures, items }: Items): RowsPage {
  const columns = [column(KEY, 'text'), column(STATE, 'text'), column(TIME, 'number'), ...figures.map((name) => column(name, 'number')), column(FAILURE, 'text')]
  return { columns, total: found, rows: items.map((item) => [item.key, item.state, item.seconds, ...figures.map((name) => figureOf(item, name)), item.error?.words ?? '', item as unknown as Cell]) } as RowsPage
}

/** The item of a row of `itemRows`. */
export const itemOf = (row: Cell[] | undefined): Item | null => (row?.at(-1) as unknown as Item | undefined) ?? null

/** A number among the figures of an item: at the top, or one level below it. */
export function figureOf({ figures }: Item, name: string): number | null {
  if (!isRecord(figures)) return null
  for (const each of [figures, ...Object.values(figures).filter(isRecord)]) {
    const value = each[name]
    if (typeof value === 'number') return value
  }
  return null
}

const isRecord = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Columns by which items can be sorted, as the server names them; a figure is named by itself. */
const SORTED: Record<string, string> = { [KEY]: 'key', [STATE]: 'state', [TIME]: 'seconds', [FAILURE]: 'state' }

export function itemSort({ sort }: Question): string | undefined {
  return sort ? `${sort.descending ? '-' : ''}${SORTED[sort.column] ?? `figures.${sort.column}`}` : undefined
}

/** The best score so far as an SVG path: a step at each item that was better than all before it. */
export function bestPath(best: readonly BestItem[], total: number, width: number, height: number): string {
  const [first] = best
  const last = best.at(-1)
  if (!first || !last) return ''
  const x = ({ ordinal }: Pick<BestItem, 'ordinal'>) => ((ordinal / Math.max(1, total - 1)) * width).toFixed(1)
  const y = ({ score }: BestItem) => ((1 - (score - first.score) / (last.score - first.score || 1)) * height).toFixed(1)
  return `M${x(first)} ${y(first)}${best.slice(1).map((each) => `H${x(each)}V${y(each)}`).join('')}H${width.toFixed(1)}`
}
