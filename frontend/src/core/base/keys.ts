/** Keyboard shortcuts as text, "mod+shift+z": the shortcut of a key press. */
interface Press {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** Shift is part of a letter's shortcut, but not of a symbol's: some keyboards need it for "?" or "/". */
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

/** While the user types, keys are text. */
export const isTyping = (focus: Focus | null): boolean =>
  focus !== null && (focus.isContentEditable === true || ['INPUT', 'TEXTAREA', 'SELECT'].includes(focus.tagName))

/** An element with its own keys, such as a result table: Ctrl+C there copies cells, not modules. */
export const OWN_KEYS = { 'data-own-keys': true } as const

/** Menus and dialogs over the page have keys of their own too: Delete in a question deletes no card. */
const WITH_OWN_KEYS = '[data-own-keys], [role=menu], [role=dialog]'

export const hasOwnKeys = (focus: Focus | null): boolean => isTyping(focus) || Boolean(focus?.closest?.(WITH_OWN_KEYS))
