import { expect, test } from 'vitest'
import { importState, isReady, NEW_IMPORT, settingsOf, timesOfPace, type Import } from './imports'

test('only the fields of the chosen source are sent', () => {
  const draft = { ...NEW_IMPORT, connection: 'sales', url: ' https://a.example/b.csv ', table: 't', path: '*.csv' }
  expect(settingsOf(draft)).toEqual({ source: 'url', url: 'https://a.example/b.csv', login: 'sales' })
  expect(settingsOf({ ...draft, origin: 'database' })).toEqual({ source: 'database', database: 'sales', table: 't', query: '' })
  expect(settingsOf({ ...draft, origin: 'files' })).toEqual({ source: 'files', storage: 'sales', path: '*.csv' })
})

test('a database needs a table or a query, and not both', () => {
  const draft = { ...NEW_IMPORT, origin: 'database' as const, connection: 'sales' }
  expect([isReady(draft), isReady({ ...draft, table: 't' }), isReady({ ...draft, query: 'SELECT 1' }), isReady({ ...draft, table: 't', query: 'SELECT 1' })]).toEqual([false, true, true, false])
  expect([isReady(NEW_IMPORT), isReady({ ...NEW_IMPORT, origin: 'files', connection: 'a' })]).toEqual([false, false])
})

test('a pace becomes a rule of times', () => {
  expect(timesOfPace({ pace: 'never', clock: '' })).toBeNull()
  expect(timesOfPace({ pace: 'hour', clock: '' })?.rule).toEqual({ kind: 'every', minutes: 60 })
  expect(timesOfPace({ pace: 'week', clock: '07:30' })?.rule).toEqual({ kind: 'calendar', times: ['07:30'], weekdays: [1], month_days: [] })
  expect(timesOfPace({ pace: 'day', clock: '07:30' })?.rule).toMatchObject({ weekdays: [] })
})

test('a glance says what came last', () => {
  const refresh = { run: 'r', at: '2027-01-01T00:00:00Z', version: 1, words: 'Its bytes are those of version 1.' }
  const one = { running: null, refreshes: [{ ...refresh, outcome: 'same' }] } as unknown as Import
  expect(importState(one)).toEqual({ mark: 'done', words: 'No change: Its bytes are those of version 1.' })
  expect(importState({ ...one, running: 'r' }).mark).toBe('running')
  expect(importState({ ...one, refreshes: [] }).mark).toBe('waiting')
  expect(importState({ ...one, refreshes: [{ ...refresh, outcome: 'failed' }] } as Import).mark).toBe('failed')
})
