import { expect, it } from 'vitest'
import { atLeast, expiryOf, initialsOf, mayEdit, mayLeave, nameOf, passwordProblem, workspaceOf, type Member, type Role, type Workspace } from './people'

const home: Workspace = { id: 'a', name: 'Home', role: 'owner' }
const team: Workspace = { id: 'b', name: 'Team', role: 'viewer' }

it('works in the workspace that was chosen', () => {
  expect(workspaceOf([home, team], 'b')).toBe(team)
})

it('falls back to the first when none was chosen or it is gone', () => {
  expect(workspaceOf([home, team], null)).toBe(home)
  expect(workspaceOf([home], 'b')).toBe(home)
  expect(workspaceOf([], 'b')).toBeUndefined()
})

it('lets editors and those above change things, and nobody where they are no member', () => {
  expect([mayEdit(home), mayEdit({ ...team, role: 'editor' }), mayEdit(team), mayEdit(undefined)]).toEqual([true, true, false, false])
})

const member = (id: string, role: Role): Member => ({ user: { id, name: id, email: '' }, role })

it('lets everybody leave but the only owner', () => {
  const [me, other] = [member('me', 'owner'), member('other', 'admin')]
  expect([mayLeave(me, [me, other]), mayLeave(other, [me, other]), mayLeave(me, [me, member('third', 'owner')])]).toEqual([false, true, true])
})

it('marks one\'s own name once', () => {
  expect([nameOf({ id: '', name: 'You', email: '' }, true), nameOf({ id: '', name: '', email: 'a@b' }, true), nameOf({ id: '', name: 'Ada', email: '' }, false)])
    .toEqual(['You', 'a@b (you)', 'Ada'])
  expect(nameOf({ id: '', name: 'You', email: 'owner@host' }, false)).toBe('owner@host')
})

it('knows which role may what the other may', () => {
  expect([atLeast('owner', 'viewer'), atLeast('editor', 'editor'), atLeast('viewer', 'admin')]).toEqual([true, true, false])
})

it('says when a token ends', () => {
  const now = Date.parse('2026-11-27T12:00:00Z')
  const ends = (expires_at: string | null) => expiryOf({ expires_at }, now)
  expect(ends(null)).toEqual({ words: 'No expiry', ended: false })
  expect(ends('2026-11-27T12:00:00Z')).toEqual({ words: 'Expired', ended: true })
  expect(ends('2026-11-28T00:00:00Z')).toEqual({ words: 'Within a day', ended: false })
  expect(ends('2027-02-25T12:00:00Z')).toEqual({ words: 'In 90 days', ended: false })
})

it('says what is wrong with a new password once there is something to say', () => {
  expect([passwordProblem('', ''), passwordProblem('short', ''), passwordProblem('long enough 1', 'long'), passwordProblem('long enough 1', 'long enough 1')])
    .toEqual([null, 'At least 10 characters.', 'The passwords do not match.', null])
})

it('takes the first and the last name for the initials', () => {
  expect(['Ada Lovelace', 'Maya de Kock', 'You', 'jonas.frank@example.org', 'ö', ''].map(initialsOf)).toEqual(['AL', 'MK', 'YO', 'JF', 'Ö', '?'])
})
