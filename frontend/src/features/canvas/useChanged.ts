import { useState } from 'react'

/** Whether the mark has changed since the card was drawn: one that only comes into view is still. */
export function useChanged(shown: string | null): boolean {
  const [seen, setSeen] = useState({ shown, changed: false })
  if (seen.shown !== shown) setSeen({ shown, changed: true })
  return seen.changed
}
