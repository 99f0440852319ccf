/** A name is applied when the typing ends: Enter or blur; Escape discards it. */
import { useState, type ChangeEvent, type KeyboardEvent } from 'react'

export function useName(name: string, commit: (name: string) => void) {
  const [draft, setDraft] = useState<string | null>(null)
  return {
    value: draft ?? name,
    onChange: (event: ChangeEvent<HTMLInputElement>) => setDraft(event.currentTarget.value),
    onBlur: () => {
      if (draft !== null && draft !== name) commit(draft)
      setDraft(null)
    },
    onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => {
      if (event.key === 'Escape') setDraft(null)
      if (event.key === 'Enter') event.currentTarget.blur()
    },
  }
}
