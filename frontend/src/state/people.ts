/** Other users on this pipeline: names, pointers and selections. */
import type { Awareness } from 'y-protocols/awareness'
import { create } from 'zustand'
import type { Point } from '../core/graph/graph'

export interface Person {
  client: number
  id: string
  name: string
  hue: number
  pointer: Point | null
  chosen: string[]
}

interface Told {
  user?: { id: string; name: string }
  pointer?: Point | null
  chosen?: string[]
}

export const usePeople = create<{ others: Person[] }>(() => ({ others: [] }))

let awareness: Awareness | null = null

/** A user has the same colour on every screen. */
export function hueOf(id: string): number {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7)
}

function readPeople(source: Awareness): Person[] {
  const others: Person[] = []
  for (const [client, state] of source.getStates()) {
    const { user, pointer, chosen } = state as Told
    if (client === source.clientID || !user) continue
    others.push({ client, id: user.id, name: user.name, hue: hueOf(user.id), pointer: pointer ?? null, chosen: chosen ?? [] })
  }
  return others.sort((one, two) => one.client - two.client)
}

export function watchPeople(source: Awareness) {
  awareness = source
  source.on('change', () => usePeople.setState({ others: readPeople(source) }))
}

export function introduce(user: { id: string; name: string }) {
  awareness?.setLocalStateField('user', user)
}

export function forgetPeople() {
  awareness = null
  usePeople.setState({ others: [] })
}

export function tellChosen(chosen: string[]) {
  awareness?.setLocalStateField('chosen', chosen)
}

const POINTER_EVERY = 60
let told = 0

export function tellPointer(pointer: Point | null) {
  const now = performance.now()
  if (pointer && now - told < POINTER_EVERY) return
  told = now
  if (usePeople.getState().others.length > 0) awareness?.setLocalStateField('pointer', pointer)
}
