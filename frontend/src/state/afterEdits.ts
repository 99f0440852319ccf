/** Questions about the draft that are asked again after each saved edit. */
import { useDocument } from './document'

/**
 * Asks once edits have settled, and drops an answer that a newer question overtook.
 *
 * @param ask - Gets the answer and puts it where it belongs; when it fails, the last answer stays.
 * @param settle - How long the draft is left alone first, in milliseconds.
 * @returns What asks at the next rest, for other reasons than an edit, and what ends it all.
 */
export function askAfterEdits(ask: (signal: AbortSignal) => Promise<void>, settle: number): { later: () => void; end: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | null = null
  const now = () => {
    asking?.abort()
    asking = new AbortController()
    ask(asking.signal).catch(() => undefined)
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(now, settle)
  }
  const unsubscribe = useDocument.subscribe((after, before) => {
    const changed = after.nodes !== before.nodes || after.edges !== before.edges || after.saved !== before.saved
    if (after.saved === 'saved' && after.loaded && changed) later()
  })
  const end = () => {
    unsubscribe()
    clearTimeout(timer)
    asking?.abort()
  }
  return { later, end }
}
