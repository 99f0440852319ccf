/** What is shown during a drag: for a wire its allowed ports and the reason of a refusal, for a card the wire below it and its guides. */
import { create } from 'zustand'
import type { Side } from '../../core/graph/connect'
import type { Guides } from '../../core/graph/guides'

interface Wiring {
  /** Compatible ends, as "node.port", and their side; null when no edge is being dragged. */
  fits: { ends: ReadonlySet<string>; side: Side } | null
  /** The last refusal, in screen coordinates near its port. */
  refusal: { words: string; x: number; y: number } | null
  /** The key of the edge that the dragged card would be inserted into. */
  over: string | null
  /** What the dragged card is in line with. */
  guides: Guides | null
}

export const useWiring = create<Wiring>(() => ({ fits: null, refusal: null, over: null, guides: null }))

const SHOWN_FOR = 4500
let timer: ReturnType<typeof setTimeout> | undefined

function clearRefusal() {
  clearTimeout(timer)
  document.removeEventListener('pointerdown', clearRefusal, true)
  document.removeEventListener('keydown', clearRefusal, true)
  useWiring.setState({ refusal: null })
}

/** Shows why an edge is refused, until the next press or for some seconds. */
export function refuse(words: string, x: number, y: number) {
  clearRefusal()
  useWiring.setState({ refusal: { words, x, y } })
  timer = setTimeout(clearRefusal, SHOWN_FOR)
  document.addEventListener('pointerdown', clearRefusal, true)
  document.addEventListener('keydown', clearRefusal, true)
}
