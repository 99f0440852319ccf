/** Other users on this pipeline: names, pointers and selections. */
import type { Awareness } from 'y-protocols/awareness'
import { create } from 'zustand'
import type { Point } from '../core/graph/graph'

export interface Person {
  client: number
  id: string
  name: string
  /** A CSS colour under white text, the same on every screen. */
  colour: string
  pointer: Point | null
  chosen: string[]
}

interface Presence {
  user?: { id: string; name: string }
  pointer?: Point | null
  chosen?: string[]
}

export const usePeople = create<{ others: Person[] }>(() => ({ others: [] }))

let awareness: Awareness | null = null

const COLOURS = 8

/** A user has the same colour on every screen. */
export function colourOf(id: string): string {
  return `var(--person-${1 + ([...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % COLOURS)})`
}

function readPeople(source: Awareness): Person[] {
  const others: Person[] = []
  for (const [client, state] of source.getStates()) {
    const { user, pointer, chosen } = state as Presence
    if (client === source.clientID || !user) continue
    others.push({ client, id: user.id, name: user.name, colour: colourOf(user.id), pointer: pointer ?? null, chosen: chosen ?? [] })
  }
  return others.sort((one, two) => one.client - two.client)
}

export function watchPeople(source: Awareness) {
  awareness = source
  source.on('change', () => usePeople.setState({ others: readPeople(source) }))
}

export function publishUser(user: { id: string; name: string }) {
  awareness?.setLocalStateField('user', user)
}

export function clearPeople() {
  awareness = null
  usePeople.setState({ others: [] })
}

export function publishSelection(chosen: string[]) {
  awareness?.setLocalStateField('chosen', chosen)
}

const POINTER_INTERVAL = 60
let lastPublished = 0

export function publishPointer(pointer: Point | null) {
  const now = performance.now()
  if (pointer && now - lastPublished < POINTER_INTERVAL) return
  lastPublished = now
  if (usePeople.getState().others.length > 0) awareness?.setLocalStateField('pointer', pointer)
}
