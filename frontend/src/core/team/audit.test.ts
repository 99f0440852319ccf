import { expect, it } from 'vitest'
import { filterQuery, detailsOf, subjectOf, channelOf, type AuditEntry } from './audit'

const entry: AuditEntry = {
  id: 1, at: '2026-11-27T12:00:00Z', who: 'ann@example.org', user: '1', action: 'member.change', words: 'change a role', kind: 'person', subject: '7', name: 'bob@example.org', workspace: 'w',
  outcome: 'allowed', status: 200, code: '', via: 'session', token: '', address: '10.0.0.1', request_id: 'r', details: { was: 'viewer', role: 'admin' },
}

it('names what it was done to, by its id when it has no name', () => {
  expect([subjectOf(entry), subjectOf({ ...entry, kind: 'run', name: '', subject: '0123456789abcdef' }), subjectOf({ ...entry, kind: '', name: '', subject: '' })])
    .toEqual(['person bob@example.org', 'run 01234567', ''])
})

it('says by which way and from where', () => {
  expect([channelOf(entry), channelOf({ ...entry, via: 'token', details: { token: 'Nightly' } }), channelOf({ ...entry, via: '', address: '' })])
    .toEqual(['in the browser from 10.0.0.1', 'with the token Nightly from 10.0.0.1', ''])
})

it('tells details and the code of a refusal', () => {
  expect([detailsOf(entry), detailsOf({ ...entry, code: 'role_too_low', details: { token: 'x', store_bytes: null } })]).toEqual(['was: viewer, role: admin', 'role too low, store bytes: none'])
})

it('asks for the whole of the last day, and for nothing that is empty', () => {
  expect(filterQuery({ who: '', action: 'run.start', since: '2026-11-01', until: '2026-11-30' })).toEqual({ action: 'run.start', since: '2026-11-01', until: '2026-12-01' })
  expect(filterQuery({})).toEqual({})
})
