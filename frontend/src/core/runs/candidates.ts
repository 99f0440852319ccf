/** The leaderboard of a search for the best model, from its trials. */
import { isRecord, type Json } from '../base/json'
import { metric } from '../base/numbers'
import type { Item } from './items'

/** The modules whose runs have a leaderboard. */
export const BEST_MODEL = 'training.train_best_model'
export const BEST_FORECAST = 'forecasting.train_best_forecaster'
export const isSearch = (module: string | undefined) => module === BEST_MODEL || module === BEST_FORECAST

export type CandidateState = 'done' | 'running' | 'part' | 'stopped' | 'late' | 'failed'

/** A trial of a candidate: on a part of the first fold's rows, or on all folds. */
export interface Stage {
  where: string
  /** The share of the first fold's rows; null for all folds. */
  share: number | null
  /** Whether its trial has ended; a failed one has no value. */
  state: Item['state'] | 'skipped'
  value: number | null
  seconds: number | null
}

/** A learner with settings, and what is known of it so far. */
export interface Candidate {
  number: number
  name: string
  module: string
  settings: Record<string, Json>
  state: CandidateState
  /** The mean over all folds; null until it is validated. */
  score: number | null
  error: number | null
  folds: number
  /** The seconds of a training on the rows of a fold, and of the prediction of a row. */
  fit: number | null
  predict: number | null
  /** The rows that it was trained on last, and the seed of its learner. */
  rows: number | null
  seed: number | null
  /** The seconds of all its trials. */
  seconds: number
  stages: Stage[]
  /** Why it has no score: the failure, or where it was given up. */
  why: string
}

export interface MetricOf {
  title: string
  better: 'high' | 'low'
}

const recordOf = (value: unknown): Record<string, Json> => (isRecord(value) ? (value as Record<string, Json>) : {})
const numberOf = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null)

/** The metric that counts; null until a trial has ended. */
export function metricOf(items: readonly Item[]): MetricOf | null {
  for (const { figures } of items) {
    const { metric: title, better } = recordOf(figures)
    if (typeof title === 'string') return { title, better: better === 'low' ? 'low' : 'high' }
  }
  return null
}

/** The candidates of a search: validated ones by their score, then those in progress, then the others, in the order in which they were tried. */
export function candidatesOf(items: readonly Item[]): Candidate[] {
  const found = new Map<number, Item[]>()
  for (const item of items) {
    const number = numberOf(recordOf(item.asked).candidate)
    if (number !== null) found.set(number, [...(found.get(number) ?? []), item])
  }
  const sign = metricOf(items)?.better === 'low' ? 1 : -1
  return [...found].map(([number, trials]) => candidateOf(number, trials)).sort((one, two) => {
    if (one.score !== null && two.score !== null) return sign * (one.score - two.score) || one.number - two.number
    return RANK[one.state] - RANK[two.state] || one.number - two.number
  })
}

const RANK: Record<CandidateState, number> = { done: 0, running: 1, part: 2, stopped: 3, late: 4, failed: 5 }

/** Failures that more seconds help with: nothing is wrong with the model. */
const OUT_OF_TIME = ['time_over', 'no_time_left', 'trial_too_long']
const isLate = ({ error }: Item) => error !== null && OUT_OF_TIME.includes(error.code)

/** How many trials did not end for lack of time, which are among those that failed. */
export const lateTrials = (items: readonly Item[]): number => items.filter(isLate).length

function candidateOf(number: number, trials: Item[]): Candidate {
  const asked = recordOf(trials[0]?.asked)
  const stages = trials.map(stageOf)
  const whole = trials.findLast((item) => recordOf(item.asked).share === 0)
  const figures = recordOf(whole?.figures)
  const score = numberOf(figures.score)
  const failed = trials.findLast(({ error }) => error)
  const given = numberOf(figures.stopped)
  const folds = numberOf(figures.folds) ?? 0
  const settings = recordOf(asked.settings)
  const running = trials.some(({ state }) => state === 'running' || state === 'waiting')
  const state = score !== null ? 'done' : running ? 'running' : failed ? (isLate(failed) ? 'late' : 'failed') : given !== null ? 'stopped' : 'part'
  const why = failed?.error ? [failed.error.words, failed.error.remedy].filter(Boolean).join(' ')
    : given !== null ? `Clearly worse than the best after ${given} of ${folds} folds.`
      : state === 'part' ? 'Others were better on this part.' : ''
  return {
    number, name: nameOf(trials[0]?.key ?? ''), module: String(asked.module ?? ''), settings: shownSettings(settings), state, score,
    error: numberOf(figures.error), folds, fit: numberOf(figures.fit), predict: numberOf(figures.predict), rows: numberOf(recordOf((whole ?? trials.at(-1))?.figures).rows),
    seed: numberOf(settings.seed) ?? numberOf(recordOf(settings.parameters).random_state), seconds: trials.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0), stages, why,
  }
}

/** Without what does not tell candidates apart. */
const shownSettings = (settings: Record<string, Json>) => Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'seed'))

/** A trial's key is the name of its candidate, a comma, and where it was tried. */
const nameOf = (key: string) => (key.includes(', ') ? key.slice(0, key.lastIndexOf(', ')) : key)

function stageOf(item: Item): Stage {
  const { key, figures, seconds, asked } = item
  const { score, first_fold: part } = recordOf(figures)
  const share = numberOf(recordOf(asked).share)
  return { where: key.slice(key.lastIndexOf(', ') + 2), share: share || null, state: isLate(item) ? 'skipped' : item.state, value: numberOf(score) ?? numberOf(part), seconds }
}

export interface Reached {
  seconds: number
  score: number
  name: string
  /** Whether it was better than all before it. */
  best: boolean
}

/** Every validated candidate against the seconds of all trials until then. */
export function scoresOverTime(items: readonly Item[]): Reached[] {
  const sign = metricOf(items)?.better === 'low' ? -1 : 1
  let seconds = 0
  let best = -Infinity
  const reached: Reached[] = []
  for (const item of items) {
    seconds += item.seconds ?? 0
    const score = numberOf(recordOf(item.figures).score)
    if (score === null) continue
    reached.push({ seconds, score, name: nameOf(item.key), best: sign * score > best })
    best = Math.max(best, sign * score)
  }
  return reached
}

/** How many of the first candidates do not differ: their scores are within one standard error of the best one. */
export function notApart(candidates: readonly Candidate[], better: 'high' | 'low'): number {
  const [best] = candidates
  if (!best || best.score === null || best.error === null) return 0
  const [score, error] = [best.score, best.error]
  return candidates.filter((each) => each.score !== null && (better === 'high' ? score - each.score : each.score - score) <= error).length
}

/** A score with its standard error, of the same decimals. */
export const scoreWords = (score: number, error: number | null) => (error === null ? metric(score) : `${metric(score)} ± ${metric(error)}`)

/** Settings as a line: “leaves 20, learning rate 0.05”. Of a stack its candidates are named, parameters of an estimator stand beside it, and what is empty is said to be none. */
export function settingsWords(settings: Record<string, Json>, titleOf: (name: string) => string): string {
  return Object.entries(settings).map(([name, value]) => (isGroup(value) ? settingsWords(value, plainName) : value === '' || value === null ? `no ${titleOf(name)}` : `${titleOf(name)} ${valueWords(value)}`)).join(', ')
}

const isGroup = (value: Json): value is Record<string, Json> => isRecord(value)
const plainName = (name: string) => name.replaceAll('_', ' ')

function valueWords(value: Json): string {
  const names = Array.isArray(value) ? value.map((each) => recordOf(each).name) : []
  if (names.length && names.every((name) => typeof name === 'string')) return names.join(' + ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
