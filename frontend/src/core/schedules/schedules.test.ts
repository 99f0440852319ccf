import { describe, expect, it } from 'vitest'
import { draftOf, newTimes, sentTarget, stateOf, targetOf, tickState, timesOf, type Schedule, type Tick } from './schedules'

const tick = (more: Partial<Tick>): Tick => ({ id: 1, origin: 'times', planned: '2027-01-01T00:00:00Z', due: '2027-01-01T00:00:00Z', started_at: null, outcome: 'started', reason: '', late: false, run: null, ended: '', events: [], ...more })

describe('what runs', () => {
  const one = (more: Partial<Schedule>) => ({ pipeline: null, published: null, graph: 'latest', version: null, published_version: null, parameters: {}, preset: '', inputs: {}, ...more }) as Schedule

  it('is a pipeline as it is drawn, in its newest version or in one', () => {
    expect(sentTarget(targetOf(null, 'p'))).toEqual({ pipeline: 'p', graph: 'latest', version: null, parameters: {}, preset: '' })
    expect(sentTarget(targetOf(one({ pipeline: 'p', graph: 'draft', parameters: { a: 1 } }), 'q'))).toEqual({ pipeline: 'p', graph: 'draft', version: null, parameters: { a: 1 }, preset: '' })
    expect(sentTarget(targetOf(one({ pipeline: 'p', graph: 'version', version: 'v' }), 'q'))).toEqual({ pipeline: 'p', graph: 'version', version: 'v', parameters: {}, preset: '' })
  })

  it('is a published pipeline in its default or one version, with the chosen datasets', () => {
    const target = targetOf(one({ published: 'u', published_version: 3, inputs: { rows: { dataset: 'cars', version: null } } }), 'q')
    expect(target).toMatchObject({ id: 'u', published: true, graph: '3', inputs: { rows: { dataset: 'cars', version: null } } })
    const back = { ...target, graph: '', inputs: { rows: { dataset: '', version: null }, more: { dataset: 'cars', version: 2 } } }
    expect(sentTarget(back)).toEqual({ published: 'u', published_version: null, parameters: {}, preset: '', inputs: { more: { dataset: 'cars', version: 2 } } })
  })

  it('is nothing once the published pipeline was deleted', () => {
    expect(targetOf(one({}), 'q')).toMatchObject({ id: '', published: true })
  })
})

describe('times', () => {
  it('are sent as they are entered', () => {
    const draft = { ...newTimes(), zone: 'Europe/Paris', clock: '06:00, 18:30', weekdays: [1, 5], monthDays: '15 last', excluded: '2027-12-25' }
    expect(timesOf(draft)).toEqual({
      rule: { kind: 'calendar', times: ['06:00', '18:30'], weekdays: [1, 5], month_days: [15, 'last'] }, zone: 'Europe/Paris', starts_at: null, ends_at: null, excluded: ['2027-12-25'],
    })
    expect(timesOf({ ...draft, kind: 'every', amount: 2, unit: 60 }).rule).toEqual({ kind: 'every', minutes: 120 })
    expect(timesOf({ ...draft, kind: 'dates', dates: '2027-01-01 09:00\n2027-02-01T09:00' }).rule).toEqual({ kind: 'dates', dates: ['2027-01-01T09:00', '2027-02-01T09:00'] })
  })

  it('come back into the fields', () => {
    const times = { zone: 'UTC', starts_at: null, ends_at: null, excluded: [] }
    expect(draftOf({ ...times, rule: { kind: 'every', minutes: 2880, anchor: '2027-01-01T00:00:00Z' } })).toMatchObject({ kind: 'every', amount: 2, unit: 1440 })
    expect(draftOf({ ...times, rule: { kind: 'cron', line: '0 6 * * *' } })).toMatchObject({ kind: 'cron', line: '0 6 * * *' })
    expect(draftOf({ ...times, rule: { kind: 'calendar', times: ['06:00'], weekdays: [], month_days: ['last'] } })).toMatchObject({ clock: '06:00', monthDays: 'last' })
  })
})

it('says what became of a tick, and that a pause comes first', () => {
  expect(tickState(tick({})).mark).toBe('running')
  expect(tickState(tick({ ended: 'done' })).words).toBe('Done')
  expect(tickState(tick({ outcome: 'missed' })).words).toBe('Missed')
  const schedule = { pause: { by: 'Ann', note: 'holidays', at: '2027-01-01T00:00:00Z', until: null }, last: tick({}) } as unknown as Schedule
  expect(stateOf(schedule).words).toBe('Paused by Ann: holidays')
  expect(stateOf({ ...schedule, pause: null, last: null }).words).toBe('No run yet')
})
