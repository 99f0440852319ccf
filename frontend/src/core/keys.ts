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
}

/** While somebody types, keys are text. */
export const isTyping = (focus: Focus | null): boolean =>
  focus !== null && (focus.isContentEditable === true || ['INPUT', 'TEXTAREA', 'SELECT'].includes(focus.tagName))
