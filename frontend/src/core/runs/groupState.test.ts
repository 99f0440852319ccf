import { expect, it } from 'vitest'
import { groupState } from './groupState'

type Stepped = NonNullable<ReturnType<Parameters<typeof groupState>[1]>>

const of = (...states: (Stepped['state'] | 'reused' | null)[]) => {
  const steps = new Map(states.flatMap((state, at) => (state === null ? [] : [[`n${at}`, state === 'reused' ? { state: 'done', reused: true } : { state, reused: false }] as [string, Stepped]])))
  return groupState(states.map((_, at) => `n${at}`), (node) => steps.get(node))
}

it.each([
  [['done', 'failed', 'running'], 'failed', 1, 'n1'],
  [['done', 'running', 'waiting'], 'running', 1, 'n1'],
  [['done', 'ready'], 'running', 1, null],
  [['waiting', 'ready'], 'waiting', 0, null],
  [['done', 'skipped'], 'skipped', 1, null],
  [['done', 'reused'], 'done', 2, null],
  [['reused', 'reused'], 'reused', 2, null],
  [['done', null], undefined, 1, null],
  [[], undefined, 0, null],
] as const)('%j is %s', (states, state, finished, at) => {
  expect(of(...states)).toEqual({ state, finished, at })
})
