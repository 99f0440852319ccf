/** Queries about the draft that are repeated after each saved edit. */
import { useDocument } from './document'

/**
 * Runs the query for a document that is loaded, and again once edits have settled, and drops a response that a newer query overtook.
 *
 * @param ask - Fetches the response and stores it; when it fails, the last response stays.
 * @param settle - How long the draft must be unchanged first, in milliseconds.
 * @returns A function that schedules the query for other reasons than an edit, and one that ends it all.
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
  const isSettled = ({ saved, loaded } = useDocument.getState()) => saved === 'saved' && loaded
  if (isSettled()) later()
  const unsubscribe = useDocument.subscribe((after, before) => {
    const changed = after.nodes !== before.nodes || after.edges !== before.edges || after.saved !== before.saved
    if (isSettled(after) && changed) later()
  })
  const end = () => {
    unsubscribe()
    clearTimeout(timer)
    asking?.abort()
  }
  return { later, end }
}
