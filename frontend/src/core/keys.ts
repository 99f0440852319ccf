/** Shortcuts as text, "mod+shift+z": which one a key press is. */
interface Press {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** Shift is part of a letter's shortcut, but not of a sign's: on some keyboards "?" or "/" needs it anyway. */
export function shortcutOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Press): string {
  const name = key === 'Del' ? 'delete' : key.toLowerCase()
  const sign = name.length === 1 && !/[a-z0-9]/.test(name)
  return [ctrlKey || metaKey ? 'mod' : '', shiftKey && !sign ? 'shift' : '', altKey ? 'alt' : '', name].filter(Boolean).join('+')
}

interface Focus {
  tagName: string
  isContentEditable?: boolean
  closest?(selector: string): unknown
}

/** While somebody types, keys are text. */
export const isTyping = (focus: Focus | null): boolean =>
  focus !== null && (focus.isContentEditable === true || ['INPUT', 'TEXTAREA', 'SELECT'].includes(focus.tagName))

/** A place with keys of its own, such as a table of results: Ctrl+C there copies cells, not modules. */
export const OWN_KEYS = { 'data-own-keys': true } as const

export const hasOwnKeys = (focus: Focus | null): boolean => isTyping(focus) || Boolean(focus?.closest?.('[data-own-keys]'))
