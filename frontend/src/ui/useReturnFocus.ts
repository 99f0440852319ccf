import { useEffect, useState } from 'react'

/** What the focus returns to: the element itself, or for an entry of a menu, which is gone by then, the button of the menu. */
function homeOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest('[role=menu]')?.getAttribute('aria-labelledby')
  return (menu ? document.getElementById(menu) : element) as HTMLElement | null
}

/** Where the dialog that was opened last returns to: one that takes its place returns there too. */
const last: { home: HTMLElement | null } = { home: null }

function homes(): (HTMLElement | null)[] {
  const own = homeOf(document.activeElement)
  // A button that is disabled while it works has lost the focus of its dialog.
  const within = own === document.body ? document.querySelector('[role=dialog]') : own?.closest('[role=dialog]')
  if (within) return [own, last.home]
  last.home = own
  return [own]
}

/** Returns the focus when a dialog that is rendered only while it is open is taken away. (Mantine does so only where `opened` changes.) */
export function useReturnFocus() {
  const [found] = useState(homes)
  useEffect(() => () => {
    const focused = document.activeElement
    if (!focused || focused === document.body) found.find((home) => home?.isConnected && home !== document.body)?.focus({ preventScroll: true })
  }, [found])
}
