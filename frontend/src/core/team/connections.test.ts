import { expect, it } from 'vitest'
import { accepted, KINDS, needsSecret, NOWHERE, PLACE_FIELDS, placeSent, type Connection } from './connections'

const stored: Connection = {
  id: 'a', workspace: 'w', name: 'sales', kind: 'database', address: 'postgresql://ann@db/sales', user: '', endpoint: '', has_secret: true,
  created_at: '2026-11-28T00:00:00Z', changed_at: '2026-11-28T00:00:00Z',
}
const place = { ...NOWHERE, address: stored.address }

it('asks for the secret again when a connection leads elsewhere', () => {
  expect(needsSecret(stored, place)).toBe(false)
  expect(needsSecret(stored, { ...place, address: 'postgresql://ann@other/sales' })).toBe(true)
  expect(needsSecret(stored, { ...place, endpoint: 'https://other' })).toBe(true)
  expect(needsSecret(stored, { ...place, address: 'postgresql://ann@other/sales', secret: 'word' })).toBe(false)
  expect(needsSecret({ ...stored, has_secret: false }, { ...place, address: 'x' })).toBe(false)
  expect(needsSecret(null, place)).toBe(false)
})

it('keeps the stored secret unless one is entered', () => {
  expect('secret' in placeSent(place)).toBe(false)
  expect(placeSent({ ...place, secret: 'word' }).secret).toBe('word')
})

it('has an address for each kind, and offers a setting the kinds that it accepts', () => {
  expect(KINDS.filter((kind) => PLACE_FIELDS[kind][0]?.name !== 'address')).toEqual([])
  expect(accepted(['http'], [stored])).toEqual([])
  expect(accepted(['s3', 'database'], [stored])).toEqual([stored])
})
