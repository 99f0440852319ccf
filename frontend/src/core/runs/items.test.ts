import { expect, it } from 'vitest'
import { bestPath, countsOf, fanWords, figureOf, itemOf, itemRows, itemSort, shownState, spokenWords, type Fan, type Item } from './items'

const FAN: Fan = { index: 0, search: false, most: null, noun: 'folds', total: 1000, ended: 250, failed: 10, reused: 40, running: 3, seconds: 9, opened_at: '', left_seconds: 75 }
const ITEM: Item = { ordinal: 0, key: 'a', state: 'done', seconds: 1, figures: { score: 2, metrics: { mae: 3, name: 'x' } }, error: null, asked: null }

it('counts every item once', () => {
  expect([shownState('waiting', true), shownState('waiting', false), shownState('failed', true)]).toEqual(['skipped', 'waiting', 'failed'])
  expect(countsOf(FAN)).toEqual({ done: 200, reused: 40, failed: 10, running: 3, waiting: 747 })
})

it('says how far a fan-out is, and how long it will take', () => {
  expect(fanWords(FAN)).toBe('250 of 1,000 folds · 25.0\u00a0% · 10 a second · about 1\u00a0min 15\u00a0s left')
  expect(fanWords({ ...FAN, total: 260 })).toContain(' · 8 a minute · ')
  expect(fanWords({ ...FAN, left_seconds: 0 })).not.toContain('a second')
  expect(fanWords({ ...FAN, left_seconds: 12.4 })).toContain('about 12\u00a0s left')
  expect(fanWords({ ...FAN, left_seconds: null })).toBe('250 of 1,000 folds · 25.0\u00a0%')
  expect(fanWords({ ...FAN, search: true })).toBe('250 folds · about 1\u00a0min 15\u00a0s left')
  expect(spokenWords({ ...FAN, search: true, ended: 257 })).toBe('250 folds and more')
  expect(fanWords({ ...FAN, most: 5000 })).toContain('250 of 5,000 folds · 5.0')
  expect(fanWords({ ...FAN, ended: 1000 })).toBe('1,000 folds')
  expect(fanWords({ ...FAN, total: 0, ended: 0 })).toBe('No folds')
})

it('tells a screen reader each tenth', () => {
  expect([spokenWords(FAN), spokenWords({ ...FAN, ended: 299 }), spokenWords({ ...FAN, ended: 1000 })]).toEqual(['20\u00a0% of folds', '20\u00a0% of folds', 'All folds have ended'])
})

it('finds the numbers among the figures of an item', () => {
  expect([figureOf(ITEM, 'score'), figureOf(ITEM, 'mae'), figureOf(ITEM, 'name'), figureOf({ ...ITEM, figures: null }, 'mae')]).toEqual([2, 3, null, null])
})

it('makes a row of an item, which still has the item', () => {
  const failed: Item = { ...ITEM, state: 'failed', figures: null, error: { code: 'c', words: 'It broke.', remedy: 'Mend it.', port: null, param: null, column: null } }
  const { columns, rows, total } = itemRows({ fans: [FAN], fan: 0, figures: ['score', 'mae'], found: 2, items: [ITEM, failed] })
  expect([columns.map(({ name }) => name), total]).toEqual([['Key', 'State', 'Time', 'score', 'mae', 'Failure'], 2])
  expect(rows.map((row) => row.slice(0, -1))).toEqual([['a', 'done', 1, 2, 3, ''], ['a', 'failed', 1, null, null, 'It broke.']])
  expect(itemOf(rows[1] as never)).toBe(failed)
  expect(itemOf(undefined)).toBeNull()
})

it('names the order as the server does', () => {
  const by = (column: string, descending = false) => itemSort({ sort: { column, descending }, filters: [], search: '' })
  expect([by('Key'), by('score', true), by('Failure'), itemSort({ sort: null, filters: [], search: '' })]).toEqual(['key', '-figures.score', 'state', undefined])
})

it('draws the best so far as steps', () => {
  const best = [{ ordinal: 0, key: 'a', score: 1 }, { ordinal: 5, key: 'b', score: 3 }]
  expect(bestPath(best, 11, 100, 20)).toBe('M0.0 20.0H50.0V0.0H100.0')
  expect(bestPath([], 11, 100, 20)).toBe('')
})
