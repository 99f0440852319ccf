/** Text being typed stays as typed, whatever arrives meanwhile; every keystroke is stored. */
import { useState } from 'react'

export function useDraft(value: string, commit: (text: string) => void) {
  const [draft, setDraft] = useState<string | null>(null)
  return {
    value: draft ?? value,
    onChange: (event: { currentTarget: { value: string } }) => {
      const text = event.currentTarget.value
      setDraft(text)
      commit(text)
    },
    onBlur: () => setDraft(null),
  }
}
