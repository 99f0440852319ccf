import { expect, it } from 'vitest'
import { Acks } from './acks'

it('is settled before anything was sent', () => expect(new Acks().settled).toBe(true))

it('waits until all that was sent is kept', () => {
  const acks = new Acks()
  acks.sent()
  acks.sent()
  expect(acks.settled).toBe(false)
  acks.acknowledged(1)
  expect(acks.settled).toBe(false)
  acks.acknowledged(2)
  expect(acks.settled).toBe(true)
})

it('takes an answer to the handshake for what it is', () => {
  const acks = new Acks()
  acks.acknowledged(1)
  expect(acks.settled).toBe(true)
  acks.sent()
  expect(acks.settled).toBe(false)
  acks.acknowledged(2)
  expect(acks.settled).toBe(true)
})

it('is not shaken by an older count', () => {
  const acks = new Acks()
  acks.sent()
  acks.acknowledged(1)
  acks.acknowledged(0)
  expect(acks.settled).toBe(true)
})
