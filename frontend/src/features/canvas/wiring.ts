/** The wire being dragged: where it may go, and why it may not. */
import { create } from 'zustand'
import type { Side } from '../../core/connect'

interface Wiring {
  /** Ends that fit, as "node.port", and the side they are on; null when no wire is being dragged. */
  fits: { ends: ReadonlySet<string>; side: Side } | null
  /** The last refusal, on the screen near where it happened. */
  refusal: { words: string; x: number; y: number } | null
}

export const useWiring = create<Wiring>(() => ({ fits: null, refusal: null }))

const SHOWN_FOR = 4500
let timer: ReturnType<typeof setTimeout> | undefined

export function refuse(words: string, x: number, y: number) {
  clearTimeout(timer)
  useWiring.setState({ refusal: { words, x, y } })
  timer = setTimeout(() => useWiring.setState({ refusal: null }), SHOWN_FOR)
}
