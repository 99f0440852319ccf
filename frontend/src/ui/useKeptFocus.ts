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

/** Keeps the keyboard focus on a page: when the focused element is removed or disabled, what stands nearest gets it. */
export function useKeptFocus() {
  useEffect(() => {
    let trail: Element[] = []
    let byKeyboard = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      const [last] = trail
      if (!byKeyboard || !last || document.activeElement !== document.body || (last.isConnected && !last.matches(':disabled'))) return
      nearestTo(trail)?.focus({ preventScroll: true })
    }
    const later = () => {
      if (!byKeyboard || document.activeElement !== document.body) return
      clearTimeout(timer)
      timer = setTimeout(look, SETTLE)
    }
    const onFocus = (event: FocusEvent) => (trail = trailOf(event.target as Element))
    const onKey = () => (byKeyboard = true)
    const onPointer = () => (byKeyboard = false)
    const watcher = new MutationObserver(later)
    watcher.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
    document.addEventListener('focusin', onFocus)
    document.addEventListener('keydown', onKey, true)
    document.addEventListener('pointerdown', onPointer, true)
    return () => {
      clearTimeout(timer)
      watcher.disconnect()
      document.removeEventListener('focusin', onFocus)
      document.removeEventListener('keydown', onKey, true)
      document.removeEventListener('pointerdown', onPointer, true)
    }
  }, [])
}
