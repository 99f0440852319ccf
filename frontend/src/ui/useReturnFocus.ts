import { useEffect, useState } from 'react'

/** What the focus returns to: the element itself, or for an entry of a menu, which is gone by then, the button of the menu. */
function homeOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest('[role=menu]')?.getAttribute('aria-labelledby')
  return (menu ? document.getElementById(menu) : element) as HTMLElement | null
}

/** Returns the focus when a dialog that is rendered only while it is open is taken away. (Mantine does so only where `opened` changes.) */
export function useReturnFocus() {
  const [home] = useState(() => homeOf(document.activeElement))
  useEffect(() => () => {
    const focused = document.activeElement
    if ((!focused || focused === document.body) && home?.isConnected) home.focus({ preventScroll: true })
  }, [home])
}
