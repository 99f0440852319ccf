import { expect, it } from 'vitest'
import type { Dataset } from '../../core/data/datasets'
import type { Palette } from '../../core/catalogue/catalogue'
import { draftOf, learnersIn, metricsOf, ofTask, problemOf, settingsOf } from './draft'

const [palette] = Object.values(import.meta.glob<Palette>('../../../../tests/pipelines/catalogue/palette.json', { eager: true, import: 'default' }))
const DATASET = { columns: [{ name: 'y' }, { name: 'day' }] } as Dataset
const whole = { ...draftOf({ dataset: 'd', target: 'y' }) }

it('says what is still to be chosen', () => {
  expect(problemOf(draftOf({}), null, null)).toBe('Choose the data.')
  expect(problemOf({ ...whole, target: 'gone' }, DATASET, null)).toBe('Choose the column to predict.')
  expect(problemOf({ ...whole, seconds: 0 }, DATASET, null)).toBe('Enter how long to search.')
  expect(problemOf({ ...whole, splitBy: 'time' }, DATASET, null)).toContain('the folds')
  expect(problemOf({ ...whole, without: ['y'] }, DATASET, null)).toContain('left out')
  expect(problemOf({ ...whole, task: 'forecast' }, DATASET, null)).toContain('times')
  expect(problemOf({ ...whole, task: 'forecast', time: 'day', series: ['day'] }, DATASET, null)).toContain('different columns')
  expect(problemOf(whole, DATASET, { columns: [{ name: 'day' }] } as Dataset)).toContain('judges the winner')
  expect([problemOf(whole, DATASET, null), problemOf({ ...whole, task: 'forecast', time: 'day' }, DATASET, null)]).toEqual(['', ''])
})

it('sends only settings that differ from the defaults', () => {
  expect(settingsOf(whole)).toEqual({})
  expect(settingsOf({ ...whole, metric: 'auc', learners: ['linear'], blocked: ['catboost'], targetScore: 0, patience: null, trials: 9, trialSeconds: 2.5, atOnce: 1, splitBy: 'groups', column: 'day' })).toEqual({
    metric: 'auc', learners: 'linear', without: 'catboost', target_score: 0, patience: null, trials: 9, trial_seconds: 2.5, at_once: 1, split_by: 'groups', column: 'day',
  })
})

it('starts with the settings of an earlier search', () => {
  const settings = { task: 'classification', metric: 'f1', learners: 'linear, boosted_trees', without: 'catboost', target_score: 0.5, patience: null, trials: 9, trial_seconds: 2.5, at_once: 1, seed: 3 }
  const { task, ...sent } = settings
  const draft = draftOf({ dataset: 'd', target: 'y', validation: 'v', settings })
  expect([draft.task, draft.validation, settingsOf(draft)]).toEqual([task, 'v', { ...sent, seed: undefined }])
  expect(settingsOf(draftOf({ settings: { metric: 7, trials: 'x', learners: null } }))).toEqual({})
})

it('starts a forecast with its own metric and the first column of dates, and sends what differs', () => {
  const dated = { columns: [{ name: 'y', kind: 'number' }, { name: 'week', kind: 'datetime' }] } as Dataset
  const forecast = { ...whole, ...ofTask('forecast', { ...whole, learners: ['linear'], metric: 'auc' }, dated) }
  expect([forecast.time, forecast.metric, forecast.learners, settingsOf(forecast)]).toEqual(['week', 'mase', [], {}])
  expect(settingsOf({ ...forecast, metric: 'wape', learners: ['theta'], patience: null, trialSeconds: 3 })).toEqual({ metric: 'wape', methods: 'theta', patience: null })
  expect(ofTask('regression', forecast, dated)).toMatchObject({ metric: 'automatic', patience: 80 })
  expect(ofTask('regression', whole, dated)).toEqual({ task: 'regression', metric: 'automatic' })
})

it('reads the learners from the help of the setting', () => {
  const methods = palette?.modules.find(({ id }) => id === 'forecasting.train_best_forecaster')?.params.find(({ name }) => name === 'methods')?.help ?? ''
  expect(learnersIn(methods)).toEqual(expect.arrayContaining(['baseline', 'boosted_trees_on_lags', 'arima']))
  const help = palette?.modules.find(({ id }) => id === 'training.train_best_model')?.params.find(({ name }) => name === 'learners')?.help ?? ''
  expect(learnersIn(help)).toEqual(expect.arrayContaining(['linear', 'boosted_trees', 'nearest_neighbors']))
  expect(learnersIn(help).every((name) => /^[a-z_]+$/.test(name))).toBe(true)
  expect(learnersIn('No list.')).toEqual([])
})

it('offers the metrics of the kind of prediction, under the headings of the palette', () => {
  const choices = palette?.modules.find(({ id }) => id === 'training.train_best_model')?.params.find(({ name }) => name === 'metric')?.choices ?? []
  const [classes, numbers, all] = (['classification', 'regression', 'automatic'] as const).map((task) => metricsOf(choices, task).map(({ value }) => value))
  expect(classes).toEqual(expect.arrayContaining(['automatic', 'balanced_accuracy', 'f1', 'auc_one_vs_one']))
  expect(numbers).toEqual(expect.arrayContaining(['automatic', 'root_mean_squared_log_error', 'spearman']))
  expect([classes?.includes('r2'), numbers?.includes('auc'), all?.length]).toEqual([false, false, choices.length])
})
