/** The form of a new search. */
import type { Params } from '../../core/base/json'
import type { Dataset } from '../../core/data/datasets'
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
  splitBy: 'label' | 'time' | 'groups'
  column: string
  time: string
  series: string[]
  horizon: number
}

export const PATIENCE = 80

export function draftOf({ dataset = '', target = '', seconds = 60, without = [], distinct = false, split_by = undefined, column = '' }: Preset): Draft {
  return {
    dataset, target, seconds, task: 'automatic', without: [...without], distinct, metric: 'automatic', learners: [], blocked: [], targetScore: null, patience: PATIENCE,
    splitBy: split_by ?? 'label', column, time: '', series: [], horizon: 12,
  }
}

/** What is still to be chosen; empty when the search can start. */
export function problemOf(draft: Draft, dataset: Dataset | null): string {
  if (!dataset) return 'Choose the data.'
  const names = new Set(dataset.columns.map(({ name }) => name))
  if (!names.has(draft.target)) return 'Choose the column to predict.'
  if (draft.task === 'forecast') {
    if (!names.has(draft.time)) return 'Choose the column of times, below Advanced.'
    if (draft.time === draft.target || draft.series.includes(draft.target) || draft.series.includes(draft.time)) return 'The column to forecast, the times and the series must be different columns.'
    return draft.horizon >= 1 ? '' : 'Enter how many periods to forecast.'
  }
  if (!(draft.seconds >= 1)) return 'Enter how long to search.'
  if (draft.splitBy !== 'label' && !names.has(draft.column)) return 'Choose the column of the folds, below Advanced.'
  if (draft.without.includes(draft.target)) return 'The column to predict is left out below Advanced.'
  return ''
}

/** The settings of Train Best Model that differ from its defaults. */
export function settingsOf({ metric, learners, blocked, targetScore, patience, splitBy, column }: Draft): Params {
  return {
    ...(metric !== 'automatic' && { metric }),
    ...(learners.length > 0 && { learners: learners.join(', ') }),
    ...(blocked.length > 0 && { without: blocked.join(', ') }),
    ...(targetScore !== null && { target_score: targetScore }),
    ...(patience !== PATIENCE && { patience }),
    ...(splitBy !== 'label' && { split_by: splitBy, column }),
  }
}

/** The learners that the help of the setting lists. */
export function learnersIn(help: string): string[] {
  const listed = help.slice(help.lastIndexOf(':') + 1).replace(/\.\s*$/, '')
  return help.includes(':') ? listed.split(',').map((name) => name.trim()).filter(Boolean) : []
}
