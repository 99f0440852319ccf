/** Reports of evaluations and models, and the figures at a threshold. */

import type { Schemas } from '../base/schemas'
import type { Cell } from './tables'

export interface FiguresBlock {
  type: 'figures'
  title: string
  columns: { key: string; title: string; better: 'high' | 'low' | null }[]
  rows: FiguresRow[]
}

export interface FiguresRow {
  name: string
  values: Record<string, number | string | null>
  /** How many table rows the figures are of; reports of earlier versions do not say. */
  rows?: number
  /** 95 % confidence intervals by the key of a column. */
  intervals?: Record<string, Interval>
}

export type Interval = [low: number, high: number]

/** Counts per threshold, thresholds ascending; a row is predicted positive when its score is at or above the threshold. */
export interface ThresholdModel {
  name: string
  positive: string
  negative: string
  auc: number | null
  /** Whether rows are weighed, so that counts are sums of weights; reports of earlier versions do not say. */
  weighed?: boolean
  /** The threshold that the rows were predicted with; 0.5 where a report does not say. */
  at?: number
  thresholds: number[]
  tp: number[]
  fp: number[]
  tn: number[]
  fn: number[]
}

export interface ThresholdBlock {
  type: 'threshold'
  title: string
  models: ThresholdModel[]
}

export interface ChartBlock {
  type: 'chart'
  title: string
  description: string
  spec: Record<string, unknown>
  role?: string
}

export interface TableBlock {
  type: 'table'
  title: string
  columns: string[]
  rows: Cell[][]
}

/** A picture drawn by a script. */
export interface PictureBlock {
  type: 'picture'
  title: string
  /** A PNG as a data URL. */
  image: string
}

/** Some images of a set; of each a PNG or JPEG file as a data URL, a PNG only where it is small. */
export interface PicturesBlock {
  type: 'pictures'
  title: string
  pictures: { image: string; name: string; label: string | null; size: string }[]
}

/** Lines over axes that stand side by side, such as the trials of a search over their settings; the last axis is the score. */
export interface ParallelBlock {
  type: 'parallel'
  title: string
  description: string
  axes: ParallelAxis[]
  better: 'high' | 'low'
  lines: { name: string; values: Cell[] }[]
}

export interface ParallelAxis {
  title: string
  log: boolean
  /** The values of an axis that has no numbers. */
  values: string[] | null
}

/** One series: its values by time, and from `start` on its forecasts with their intervals. */
export interface ForecastSeries {
  name: string
  times: string[]
  values: (number | null)[]
  start: number
  forecast: (number | null)[]
  bands: { level: number; low: (number | null)[]; high: (number | null)[] }[]
}

/** Series with their forecasts: some of `total`; `chosen` says which, and is empty where all are there. */
export interface ForecastBlock {
  type: 'forecast'
  title: string
  time: string
  value: string
  total: number
  chosen: string
  series: ForecastSeries[]
}

export type Block = FiguresBlock | ThresholdBlock | ChartBlock | TableBlock | PictureBlock | PicturesBlock | ParallelBlock | ForecastBlock

/** The keys of a block depend on its type, which the API's description does not tell. */
export type Report = Omit<Schemas['Report'], 'blocks'> & { blocks: Block[] }

export interface Confusion {
  tp: number
  fp: number
  tn: number
  fn: number
}

export const THRESHOLD_FIGURES = [
  { key: 'accuracy', title: 'Accuracy', help: 'Share of all rows that are predicted correctly.' },
  { key: 'precision', title: 'Precision', help: 'Share of rows predicted positive that are positive.' },
  { key: 'recall', title: 'Recall', help: 'Share of positive rows that were found.' },
  { key: 'f1', title: 'F1', help: 'Harmonic mean of precision and recall.' },
  { key: 'specificity', title: 'Specificity', help: 'Share of negative rows predicted negative.' },
  { key: 'false_positive_rate', title: 'False positive rate', help: 'Share of negative rows predicted positive.' },
] as const

export type ThresholdFigure = (typeof THRESHOLD_FIGURES)[number]['key']

/** A figure is null where its divisor is zero. */
export function figuresOf({ tp, fp, tn, fn }: Confusion): Record<ThresholdFigure, number | null> {
  return {
    accuracy: share(tp + tn, tp + fp + tn + fn),
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
    specificity: share(tn, tn + fp),
    false_positive_rate: share(fp, fp + tn),
  }
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}

/** Figures as a table: a row for each metric, and a column for each model. */
export function tableOf({ title, columns, rows }: FiguresBlock): TableBlock {
  return { type: 'table', title, columns: ['Metric', ...rows.map(({ name }) => name)], rows: columns.map((head) => [head.title, ...rows.map(({ values }) => values[head.key] ?? null)]) }
}

/** A metric's title, as in the report's own tables. */
export function metricTitle(report: Report, key: string): string {
  const words = key.replaceAll('_', ' ')
  return headOf(report, key)?.title ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** Whether a higher or a lower value of a metric is better; null where the report does not define it. */
export function metricBetter(report: Report, key: string): 'high' | 'low' | null {
  return headOf(report, key)?.better ?? null
}

function headOf({ blocks }: Report, key: string) {
  return blocks.flatMap((block) => (block.type === 'figures' ? block.columns : [])).find((head) => head.key === key)
}

/** The counts at the known threshold nearest to the requested one. */
export function confusionAt(model: ThresholdModel, threshold: number): Confusion {
  const at = nearest(model.thresholds, threshold)
  return { tp: model.tp[at] ?? 0, fp: model.fp[at] ?? 0, tn: model.tn[at] ?? 0, fn: model.fn[at] ?? 0 }
}

/** The index of the value nearest to the target in an ascending list; 0 when the list is empty. */
export function nearest(ascending: number[], target: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) < target) low = middle + 1
    else high = middle
  }
  const above = ascending[low]
  const below = ascending[low - 1]
  if (below === undefined || above === undefined) return Math.max(0, low)
  return target - below <= above - target ? low - 1 : low
}

/** The names of the best rows of a column, by its own order; none when there is nothing to compare. */
export function bestRows(block: FiguresBlock, key: string): Set<string> {
  const [first] = metricOrder(block, key)
  const numbers = block.rows.filter((row) => typeof row.values[key] === 'number')
  if (first === undefined || numbers.length < 2) return new Set()
  const best = numbers.find(({ name }) => name === first)?.values[key]
  return new Set(numbers.filter((row) => row.values[key] === best).map((row) => row.name))
}

/** The names of the rows from the best value of a column on; empty when no value is better than another. */
export function metricOrder(block: FiguresBlock, key: string): string[] {
  const better = block.columns.find((column) => column.key === key)?.better
  if (!better) return []
  const numbers = block.rows.flatMap(({ name, values: { [key]: value } }) => (typeof value === 'number' ? [{ name, value }] : []))
  return numbers.sort((one, two) => (better === 'high' ? two.value - one.value : one.value - two.value)).map(({ name }) => name)
}
