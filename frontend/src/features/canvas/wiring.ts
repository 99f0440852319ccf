/** The wire being dragged: where it may go, and why it may not. */
import { create } from 'zustand'
import type { PortKind } from '../../core/catalogue'

interface Wiring {
  /** Ends that fit, as "node.port"; null when no wire is being dragged. */
  fits: ReadonlySet<string> | null
  kind: PortKind | null
  /** The last refusal, on the screen near where it happened. */
  refusal: { words: string; x: number; y: number } | null
}

export const useWiring = create<Wiring>(() => ({ fits: null, kind: null, refusal: null }))

const SHOWN_FOR = 4500
let timer: ReturnType<typeof setTimeout> | undefined

export function refuse(words: string, x: number, y: number) {
  clearTimeout(timer)
  useWiring.setState({ refusal: { words, x, y } })
  timer = setTimeout(() => useWiring.setState({ refusal: null }), SHOWN_FOR)
}
