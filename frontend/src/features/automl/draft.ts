/** The form of a new search. */
import type { Params } from '../../core/base/json'
import type { Dataset } from '../../core/data/datasets'
import { BEST_FORECAST, BEST_MODEL } from '../../core/runs/candidates'
import type { Preset, TaskKind } from '../../core/runs/searches'

export interface Draft {
  dataset: string
  target: string
  seconds: number
  task: TaskKind
  without: string[]
  distinct: boolean
  metric: string
  learners: string[]
  blocked: string[]
  targetScore: number | null
  patience: number | null
  trials: number | null
  trialSeconds: number | null
  atOnce: number | null
  /** The dataset that the winner is judged on; empty for rows of the data. */
  validation: string
  splitBy: 'label' | 'time' | 'groups'
  column: string
  time: string
  series: string[]
  horizon: number
}

export const PATIENCE = 80
const TASKS = ['classification', 'regression'] as const
const OF_FORECAST = { metric: 'mase', patience: 40 }

/** The module of a search. */
export const moduleOf = (task: TaskKind) => (task === 'forecast' ? BEST_FORECAST : BEST_MODEL)

/** The first column of dates; empty without one. */
export const dateOf = (dataset: Dataset | null) => dataset?.columns.find(({ kind }) => kind === 'datetime')?.name ?? ''

/** What choosing another kind of prediction changes: metrics and learners are others, and a forecast starts with the first column of dates. */
export function ofTask(task: TaskKind, before: Draft, dataset: Dataset | null): Partial<Draft> {
  if (task === before.task) return {}
  if (task !== 'forecast' && before.task !== 'forecast') return { task, metric: 'automatic' }
  const usual = task === 'forecast' ? OF_FORECAST : { metric: 'automatic', patience: PATIENCE }
  return { task, ...usual, learners: [], blocked: [], targetScore: null, ...(task === 'forecast' && !before.time && { time: dateOf(dataset) }) }
}

export function draftOf({ dataset = '', target = '', seconds = 60, without = [], distinct = false, split_by = undefined, column = '', validation = '', settings = {} }: Preset): Draft {
  const text = (name: string) => (typeof settings[name] === 'string' ? settings[name] : '')
  const names = (name: string) => text(name).split(',').map((each) => each.trim()).filter(Boolean)
  const number = (name: string) => (typeof settings[name] === 'number' ? settings[name] : null)
  return {
    dataset, target, seconds, without: [...without], distinct, validation, splitBy: split_by ?? 'label', column, time: '', series: [], horizon: 12,
    task: TASKS.find((task) => task === settings.task) ?? 'automatic', metric: text('metric') || 'automatic', learners: names('learners'), blocked: names('without'), targetScore: number('target_score'),
    patience: settings.patience === undefined ? PATIENCE : number('patience'), trials: number('trials'), trialSeconds: number('trial_seconds'), atOnce: number('at_once'),
  }
}

/** What is still to be chosen; empty when the search can start. */
export function problemOf(draft: Draft, dataset: Dataset | null, validation: Dataset | null): string {
  if (!dataset) return 'Choose the data.'
  const names = new Set(dataset.columns.map(({ name }) => name))
  if (!names.has(draft.target)) return 'Choose the column to predict.'
  if (!(draft.seconds >= 1)) return 'Enter how long to search.'
  if (draft.task === 'forecast') {
    if (!names.has(draft.time)) return 'Choose the column of times, below Advanced.'
    if (draft.time === draft.target || draft.series.includes(draft.target) || draft.series.includes(draft.time)) return 'The column to forecast, the times and the series must be different columns.'
    return draft.horizon >= 1 ? '' : 'Enter how many periods to forecast.'
  }
  if (draft.splitBy !== 'label' && !names.has(draft.column)) return 'Choose the column of the folds, below Advanced.'
  if (draft.without.includes(draft.target)) return 'The column to predict is left out below Advanced.'
  if (validation && !validation.columns.some(({ name }) => name === draft.target)) return 'The data that judges the winner has no column of the name of the one to predict. Choose other data below Advanced.'
  return ''
}

/** The settings of the search that differ from its defaults. */
export function settingsOf({ task, metric, learners, blocked, targetScore, patience, trials, trialSeconds, atOnce, splitBy, column }: Draft): Params {
  const forecast = task === 'forecast'
  return {
    ...(metric !== (forecast ? OF_FORECAST.metric : 'automatic') && { metric }),
    ...(learners.length > 0 && { [forecast ? 'methods' : 'learners']: learners.join(', ') }),
    ...(blocked.length > 0 && { without: blocked.join(', ') }),
    ...(targetScore !== null && { target_score: targetScore }),
    ...(trials !== null && { trials }),
    ...(!forecast && trialSeconds !== null && { trial_seconds: trialSeconds }),
    ...(atOnce !== null && { at_once: atOnce }),
    ...(patience !== (forecast ? OF_FORECAST.patience : PATIENCE) && { patience }),
    ...(!forecast && splitBy !== 'label' && { split_by: splitBy, column }),
  }
}

const NUMBERS = 'Numbers'

/** The metrics of a kind of prediction: those of classes, those of numbers, or all where the label decides. */
export function metricsOf<Choice extends { group?: string }>(choices: readonly Choice[], task: TaskKind): Choice[] {
  if (task !== 'classification' && task !== 'regression') return [...choices]
  return choices.filter(({ group }) => !group || (group === NUMBERS) === (task === 'regression'))
}

/** The learners that the help of the setting lists. */
export function learnersIn(help: string): string[] {
  const listed = help.slice(help.lastIndexOf(':') + 1).replace(/\.\s*$/, '')
  return help.includes(':') ? listed.split(',').map((name) => name.trim()).filter(Boolean) : []
}
