import { expect, it } from 'vitest'
import type { Item } from './items'
import { candidatesOf, lateTrials, metricOf, notApart, scoresOverTime, settingsWords } from './candidates'

const base = { learner: 'boosted_trees', module: 'regression.boosted_trees', stops: true, settings: { leaves: 20, seed: 0 } }
let ordinal = 0
function trial(candidate: number, share: number, more: Partial<Item> = {}): Item {
  const where = share === 0 ? 'all folds' : share === 1 ? 'first fold' : `${100 * share} % of the first fold`
  return { ordinal: (ordinal += 1), key: `Boosted trees ${candidate + 1}, ${where}`, state: 'done', seconds: 2, figures: null, error: null, asked: { ...base, candidate, share }, ...more }
}
const figures = (more: object) => ({ metric: 'AUC', better: 'high', folds: 5, ...more })
const error = { code: 'c', words: 'It broke.', remedy: 'Mend it.', port: null, param: null, column: null }

const ITEMS: Item[] = [
  trial(0, 0.25, { figures: figures({ loss: -0.7, first_fold: 0.7 }) }),
  trial(1, 1, { figures: figures({ loss: -0.8, first_fold: 0.8 }) }),
  trial(0, 0, { figures: figures({ score: 0.85, error: 0.02, fit: 1, predict: 0.001 }) }),
  trial(2, 0, { figures: figures({ score: 0.86, error: 0.02 }), state: 'reused' }),
  trial(3, 1, { state: 'failed', error }),
  trial(4, 1, { state: 'running', seconds: null }),
  trial(5, 0, { figures: figures({ stopped: 2 }) }),
]

it('ranks candidates by their score, then those in progress, those on a part, those given up and those that failed', () => {
  const found = candidatesOf(ITEMS)
  expect(found.map(({ name, state }) => `${name} ${state}`)).toEqual(['Boosted trees 3 done', 'Boosted trees 1 done', 'Boosted trees 5 running', 'Boosted trees 2 part', 'Boosted trees 6 stopped', 'Boosted trees 4 failed'])
  expect(found[1]).toMatchObject({ score: 0.85, error: 0.02, folds: 5, seconds: 4, settings: { leaves: 20 } })
  expect(found[1]?.stages.map(({ where, value, share }) => [where, value, share])).toEqual([['25 % of the first fold', 0.7, 0.25], ['all folds', 0.85, null]])
  expect(found.map(({ why }) => why)).toEqual(['', '', '', 'Others were better on this part.', 'Clearly worse than the best after 2 of 5 folds.', 'It broke. Mend it.'])
})

it('tells a trial for which the time was too short from one that failed', () => {
  const items = [trial(0, 1, { figures: figures({ first_fold: 0.7 }) }), trial(0, 0, { state: 'failed', error: { ...error, code: 'no_time_left' } }), trial(1, 0, { state: 'failed', error })]
  const found = candidatesOf(items)
  expect([found.map(({ state }) => state), found[0]?.stages.map(({ state }) => state), lateTrials(items)]).toEqual([['late', 'failed'], ['done', 'skipped'], 1])
})

it('ranks from the lowest where lower is better', () => {
  const low = ITEMS.map((item) => ({ ...item, figures: item.figures && { ...(item.figures as object), better: 'low' } })) as Item[]
  expect(candidatesOf(low)[0]?.name).toBe('Boosted trees 1')
  expect(scoresOverTime(low).map(({ best }) => best)).toEqual([true, false])
})

it('knows the metric as soon as one trial has ended', () => {
  expect([metricOf(ITEMS), metricOf([]), metricOf([ITEMS[5] as Item])]).toEqual([{ title: 'AUC', better: 'high' }, null, null])
})

it('follows the best score against the seconds of all trials', () => {
  expect(scoresOverTime(ITEMS)).toEqual([{ seconds: 6, score: 0.85, name: 'Boosted trees 1', best: true }, { seconds: 8, score: 0.86, name: 'Boosted trees 3', best: true }])
})

it('says how many of the first do not differ', () => {
  expect([notApart(candidatesOf(ITEMS), 'high'), notApart([], 'high')]).toEqual([2, 0])
})

it('writes settings as a line', () => {
  expect(settingsWords({ leaves: 20, parameters: { a: 1 } }, (name) => name)).toBe('leaves 20, a 1')
  expect(settingsWords({ lags: '1-2', windows: '' }, (name) => name)).toBe('lags 1-2, no windows')
  expect(settingsWords({ folds: 3, stacked: [{ name: 'Linear 1', settings: {} }, { name: 'XGBoost 4' }] }, (name) => name)).toBe('folds 3, stacked Linear 1 + XGBoost 4')
})

it('takes items of another fan-out for none of its own', () => {
  expect(candidatesOf([{ ...(ITEMS[0] as Item), asked: null }])).toEqual([])
})
