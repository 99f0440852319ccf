import { expect, test } from 'vitest'
import { addressOf, atMost99, sent } from './notices'

test('a notice leads to its run, to the monitoring of its endpoint, or to the schedules', () => {
  const endpoint = { noun: 'endpoint', id: 'e', name: 'prices' }
  expect(addressOf({ run: 'r', about: endpoint })).toBe('/runs/r')
  expect(addressOf({ run: null, about: endpoint })).toBe('/endpoints/e?tab=monitor')
  expect(addressOf({ run: null, about: { ...endpoint, noun: 'trigger' } })).toBe('/schedules')
})

test('what became of sending is said', () => {
  const sending = { channel: 'email', sent_at: null, tries: 0, error: '' }
  expect(sent(sending)).toBe('Waits to be sent by email')
  expect(sent({ ...sending, tries: 2, error: 'No answer.' })).toBe('Not sent by email after 2 tries: No answer.')
  expect(sent({ ...sending, channel: 'webhook', sent_at: '2026-11-29T00:00:00Z' })).toBe('Sent by webhook')
})

test('large numbers are cut', () => expect([0, 99, 100].map(atMost99)).toEqual(['0', '99', '99+']))
