/** Typed text in a select: the matching entry is applied on Enter, Tab and blur; else the text stays with a message. */
import { useEffect, useReducer, useState, type FormEvent, type KeyboardEvent } from 'react'
import { matchEntry } from '../core/base/matchEntry'

interface Entry {
  value: string
  label: string
}

interface TypedText {
  text: string
  /** The picked value when the text was typed; once that changes, the text is outdated. */
  picked: unknown
  /** The typing ended with a text that is not an entry. */
  refused: boolean
}

/** The option marked by the arrow keys in the open list: the list then handles Enter. */
function isMarked(input: HTMLInputElement): boolean {
  const list = document.getElementById(input.getAttribute('aria-controls') ?? '')
  return Boolean(list?.querySelector('[data-combobox-selected]'))
}

const MOST_FRAMES = 120

/** A list that is mounted only while it is open gets its id later: the field, which has the focus, is drawn again until it names it. */
function useNamedList(opened: boolean) {
  const [, drawAgain] = useReducer((times: number) => times + 1, 0)
  useEffect(() => {
    if (!opened) return undefined
    let left = MOST_FRAMES
    let frame = requestAnimationFrame(function look() {
      if (document.activeElement?.hasAttribute('aria-controls') || (left -= 1) < 0) return
      drawAgain()
      frame = requestAnimationFrame(look)
    })
    return () => cancelAnimationFrame(frame)
  }, [opened])
}

interface Options {
  /** The entries for a typed text: where free text is allowed, the text is among them. */
  entries(typed: string): readonly Entry[]
  picked: unknown
  take(value: string): void
  /** The effect of an empty text; undefined where a value is required. */
  clear?(): void
  unknown(typed: string): string
}

export function useTypedText({ entries, picked, take, clear, unknown }: Options) {
  const [held, setHeld] = useState<TypedText | null>(null)
  const [opened, setOpened] = useState(false)
  useNamedList(opened)
  const kept = held && held.picked === picked ? held : null
  const settle = (loosely: boolean) => {
    if (!kept) return
    const entry = matchEntry(entries(kept.text), kept.text, loosely)
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
