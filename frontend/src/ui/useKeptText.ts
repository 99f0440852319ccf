/** What is typed into a list: the entry it means is taken on Enter, Tab and leaving; else the text stays with a sentence. */
import { useState, type FormEvent, type KeyboardEvent } from 'react'
import { meant } from '../core/picking'

interface Entry {
  value: string
  label: string
}

interface Kept {
  text: string
  /** What was picked when it was typed; once that changes, the text is old. */
  picked: unknown
  /** The typing ended with something that is no entry. */
  refused: boolean
}

/** The option that the arrow keys marked in the open list: Enter is then the list's own. */
function isMarked(input: HTMLInputElement): boolean {
  const list = document.getElementById(input.getAttribute('aria-controls') ?? '')
  return Boolean(list?.querySelector('[data-combobox-selected]'))
}

interface Asked {
  /** The entries there are while a text is typed: where any text may become one, it is among them. */
  entries(typed: string): readonly Entry[]
  picked: unknown
  take(value: string): void
  /** What emptying the text does; nothing where something has to be picked. */
  clear?(): void
  unknown(typed: string): string
}

export function useKeptText({ entries, picked, take, clear, unknown }: Asked) {
  const [held, setHeld] = useState<Kept | null>(null)
  const [opened, setOpened] = useState(false)
  const kept = held && held.picked === picked ? held : null
  const settle = (loosely: boolean) => {
    if (!kept) return
    const entry = meant(entries(kept.text), kept.text, loosely)
    if (entry) take(entry.value)
    else if (kept.text.trim() === '') clear?.()
    setHeld(entry || kept.text.trim() === '' ? null : { ...kept, refused: true })
    if (entry) setOpened(false)
  }
  return {
    text: kept?.text ?? null,
    forget: () => setHeld(null),
    words: kept?.refused ? unknown(kept.text.trim()) : undefined,
    props: {
      dropdownOpened: opened,
      onDropdownOpen: () => setOpened(true),
      onDropdownClose: () => setOpened(false),
      onInput: (event: FormEvent<HTMLInputElement>) => setHeld({ text: event.currentTarget.value, picked, refused: false }),
      onBlur: () => settle(false),
      onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => {
        if (event.key === 'Escape' && kept) setHeld(null)
        if (event.key === 'Enter' && kept && !isMarked(event.currentTarget)) {
          event.preventDefault()
          settle(true)
        }
      },
    },
  }
}
