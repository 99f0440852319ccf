/** The figures and charts of an evaluation for the model that is shown, at the chosen threshold. */

import { counted, percent } from '../base/numbers'
import { confusionAt, figuresOf, metricOrder, THRESHOLD_FIGURES, type Confusion, type FiguresBlock, type Interval, type Report, type ThresholdBlock, type ThresholdFigure, type ThresholdModel } from './reports'

export interface Evaluation {
  figures: FiguresBlock
  threshold: ThresholdBlock | null
  /** The names of the models, in the order of their series. */
  names: string[]
}

/** The parts that belong together; null for a report without figures of models, such as that of a script's charts. */
export function evaluationOf({ blocks }: Report): Evaluation | null {
  const figures = blocks.find((block) => block.type === 'figures')
  if (!figures?.rows.length) return null
  const threshold = blocks.find((block) => block.type === 'threshold') ?? null
  return { figures, threshold: threshold?.models.length ? threshold : null, names: figures.rows.map(({ name }) => name) }
}

/** The model shown first: the best by the first figure that has a better and a worse. */
export function bestModel({ figures, names }: Evaluation): string {
  const head = figures.columns.find(({ better }) => better !== null)
  return (head ? metricOrder(figures, head.key)[0] : undefined) ?? names[0] ?? ''
}

/** The model that the shown one is compared with: the best of the others. */
export function rivalOf(evaluation: Evaluation, shown: string): string | null {
  const others = evaluation.figures.rows.filter(({ name }) => name !== shown)
  if (others.length === 0) return null
  return bestModel({ ...evaluation, figures: { ...evaluation.figures, rows: others }, names: others.map(({ name }) => name) })
}

export interface MetricTile {
  key: string
  title: string
  help?: string
  value: number | string | null
  interval: Interval | null
  /** The difference from the rival; null where one is unknown. */
  by: number | null
  higherIsBetter: boolean | null
}

const MOST_TILES = 8

/** The figures in large: those that follow the threshold, else all of the report. */
export function tilesOf(evaluation: Evaluation, shown: string, threshold: number): MetricTile[] {
  const { figures, threshold: block } = evaluation
  const rival = rivalOf(evaluation, shown)
  const row = (name: string | null) => figures.rows.find((one) => one.name === name)
  const fixed = figures.columns.slice(0, MOST_TILES).map(({ key, title, better }): MetricTile => {
    const value = row(shown)?.values[key] ?? null
    return { key, title, value, interval: row(shown)?.intervals?.[key] ?? null, by: difference(value, row(rival)?.values[key]), higherIsBetter: better && better === 'high' }
  })
  const model = block?.models.find(({ name }) => name === shown)
  if (!model) return fixed
  const other = block?.models.find(({ name }) => name === rival)
  return [...fixed.filter(({ key }) => key === 'auc'), ...tilesAt(model, other, threshold)]
}

/** Specificity is left out: it is one minus the false positive rate. */
const TILES: ThresholdFigure[] = ['accuracy', 'precision', 'recall', 'f1', 'false_positive_rate']

/** Whether the tiles leave figures out, or there are models to compare: only then is the table of all figures of use. */
export const hasMoreThanTiles = ({ figures, threshold, names }: Evaluation) => names.length > 1 || threshold !== null || figures.columns.length > MOST_TILES

function tilesAt(model: ThresholdModel, rival: ThresholdModel | undefined, threshold: number): MetricTile[] {
  const counts = confusionAt(model, threshold)
  const [own, other] = [figuresOf(counts), rival && figuresOf(confusionAt(rival, threshold))]
  return THRESHOLD_FIGURES.filter(({ key }) => TILES.includes(key)).map(({ key, title, help }) => ({
    key, title, help, value: own[key], by: difference(own[key], other?.[key]), higherIsBetter: key !== 'false_positive_rate',
    interval: model.weighed === false ? intervalAt(counts, key) : null,
  }))
}

function difference(value: unknown, other: unknown): number | null {
  return typeof value === 'number' && typeof other === 'number' ? value - other : null
}

/** Of a figure that is a share of rows; F1 is none. */
function intervalAt({ tp, fp, tn, fn }: Confusion, key: ThresholdFigure): Interval | null {
  switch (key) {
    case 'accuracy': return wilson(tp + tn, tp + fp + tn + fn)
    case 'precision': return wilson(tp, tp + fp)
    case 'recall': return wilson(tp, tp + fn)
    case 'false_positive_rate': return wilson(fp, fp + tn)
    default: return null
  }
}

/** The normal distribution's 97.5 % point. */
const Z = 1.959963984540054

/** The 95 % interval of a share (Wilson 1927), as `wilson` in pipelines/modelling/evaluation/intervals.py. */
export function wilson(right: number, all: number): Interval | null {
  if (all <= 0) return null
  const share = right / all
  const middle = (share + Z ** 2 / (2 * all)) / (1 + Z ** 2 / all)
  const off = (Z / (1 + Z ** 2 / all)) * Math.sqrt((share * (1 - share)) / all + Z ** 2 / (4 * all ** 2))
  return [Math.max(0, middle - off), Math.min(1, middle + off)]
}

/** What the shown model was measured on, and how sure its figures are. */
export function measuredOn(evaluation: Evaluation, shown: string): string[] {
  const row = evaluation.figures.rows.find(({ name }) => name === shown)
  const model = evaluation.threshold?.models.find(({ name }) => name === shown)
  const counts = model && confusionAt(model, 0)
  const [positives, all] = counts ? [counts.tp + counts.fn, counts.tp + counts.fp + counts.tn + counts.fn] : [0, 0]
  const weighed = model?.weighed ?? / weigh(?:t)?ed\)/.test(evaluation.figures.title)
  const rows = row?.rows ?? (counts && !weighed ? all : undefined)
  const rival = rivalOf(evaluation, shown)
  return [
    rows !== undefined && `${counted(rows, 'row')}${weighed ? ', weighted' : ''}`,
    model && all > 0 && `${percent(positives / all)} are ${model.positive}`,
    Object.keys(row?.intervals ?? {}).length > 0 && '95\u00a0% confidence intervals',
    rival !== null && `changes against ${rival}`,
  ].filter((part): part is string => typeof part === 'string')
}

/** The threshold of two decimals at which F1 is highest; the first of several. */
export function bestF1(model: ThresholdModel): number {
  const all = Array.from({ length: 101 }, (_, place) => place / 100).map((at) => ({ at, f1: figuresOf(confusionAt(model, at)).f1 ?? -1 }))
  return all.reduce((best, one) => (one.f1 > best.f1 ? one : best), { at: 0.5, f1: -1 }).at
}

export interface ScoreBin {
  from: number
  to: number
  actual: string
  rows: number
}

/** How many rows of each class have a score in each of 25 bins, from the counts at the thresholds; the last bin holds 1 as well. */
export function scoreBins(model: ThresholdModel): ScoreBin[] {
  const last = model.thresholds.length - 1
  const step = Math.max(1, Math.round(last / 25))
  const bins: ScoreBin[] = []
  for (let at = 0; at < last; at += step) {
    const end = Math.min(at + step, last)
    const [from, to] = [model.thresholds[at] ?? 0, model.thresholds[end] ?? 1]
    const inside = (counts: number[]) => (counts[at] ?? 0) - (end === last ? 0 : (counts[end] ?? 0))
    bins.push({ from, to, actual: model.positive, rows: inside(model.tp) }, { from, to, actual: model.negative, rows: inside(model.fp) })
  }
  return bins
}

export interface CurvePoint {
  model: string
  x: number
  y: number
  /** The value of the threshold, at the model shown only. */
  words: string
}

/** Where each model is on a curve at the threshold; a model without a place on it is left out. */
export function pointsAt(block: ThresholdBlock, role: string | undefined, threshold: number, shown: string): CurvePoint[] {
  return block.models.flatMap((model) => {
    const { recall, precision, false_positive_rate: wrong } = figuresOf(confusionAt(model, threshold))
    const [x, y] = role === 'roc' ? [wrong, recall] : role === 'precision_recall' ? [recall, precision] : [null, null]
    return x === null || y === null ? [] : [{ model: model.name, x, y, words: model.name === shown ? threshold.toFixed(2) : '' }]
  })
}
