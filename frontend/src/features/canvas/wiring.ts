/** The wire being dragged: where it may go, and why it may not. */
import { create } from 'zustand'
import type { Side } from '../../core/connect'

interface Wiring {
  /** Ends that fit, as "node.port", and the side they are on; null when no wire is being dragged. */
  fits: { ends: ReadonlySet<string>; side: Side } | null
  /** The last refusal, on the screen near where it happened. */
  refusal: { words: string; x: number; y: number } | null
  /** The wire that what is being dragged would go into, by its key. */
  over: string | null
}

export const useWiring = create<Wiring>(() => ({ fits: null, refusal: null, over: null }))

const SHOWN_FOR = 4500
let timer: ReturnType<typeof setTimeout> | undefined

function forget() {
  clearTimeout(timer)
  document.removeEventListener('pointerdown', forget, true)
  document.removeEventListener('keydown', forget, true)
  useWiring.setState({ refusal: null })
}

/** Shows why a wire is refused, until the next press or for some seconds. */
export function refuse(words: string, x: number, y: number) {
  forget()
  useWiring.setState({ refusal: { words, x, y } })
  timer = setTimeout(forget, SHOWN_FOR)
  document.addEventListener('pointerdown', forget, true)
  document.addEventListener('keydown', forget, true)
}
