import { useEffect } from 'react'

/** Long enough for a closing dialog to return the focus itself. */
const SETTLE = 40
const FOCUSABLE = ':is(a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])):not(:disabled)'

/** The element and what it stands in, from the inside. */
function trailOf(element: Element | null): Element[] {
  const trail: Element[] = []
  for (let each = element; each && each !== document.body; each = each.parentElement) trail.push(each)
  return trail
}

/** What stands nearest to an element that has gone: the first that takes the focus in what it stood in; else the content of the page. */
export function nearestTo(trail: readonly Element[]): HTMLElement | null {
  const content = document.getElementById('content')
  for (const part of trail) {
    if (part === content || (content && part.contains(content))) break
    const near = part.isConnected ? part.querySelector<HTMLElement>(FOCUSABLE) : null
    if (near) return near
  }
  return content
}

// What had the focus last, and whether by a key: of all pages, since the focus of one that is left goes to the next.
let trail: Element[] = []
let byKeyboard = false
document.addEventListener('focusin', ({ target }) => (trail = trailOf(target as Element)))
document.addEventListener('keydown', () => (byKeyboard = true), true)
document.addEventListener('pointerdown', () => (byKeyboard = false), true)

const isLost = () => byKeyboard && document.activeElement === document.body

function look() {
  const [last] = trail
  if (!isLost() || !last || (last.isConnected && !last.matches(':disabled'))) return
  nearestTo(trail)?.focus({ preventScroll: true })
}

/** Keeps the keyboard focus on a page: when the focused element is removed or disabled, what stands nearest gets it; on a further page its content. */
export function useKeptFocus() {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const later = () => {
      if (!isLost()) return
      clearTimeout(timer)
      timer = setTimeout(look, SETTLE)
    }
    const watcher = new MutationObserver(later)
    watcher.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
    later()
    return () => {
      clearTimeout(timer)
      watcher.disconnect()
    }
  }, [])
}
