/** A shortcut as its keys: "mod+shift+z" gives Ctrl Shift Z, or ⌘ ⇧ Z on a Mac. */
import classes from './Keys.module.css'

const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

const names: Record<string, string> = {
  mod: MAC ? '⌘' : 'Ctrl', shift: MAC ? '⇧' : 'Shift', alt: MAC ? '⌥' : 'Alt', enter: 'Enter', delete: 'Del',
  backspace: 'Backspace', arrows: '←↑↓→', space: 'Space', escape: 'Esc', click: 'Click', drag: 'Drag', doubleclick: 'Double-click',
}

const keysOf = (shortcut: string) => (shortcut === '+' ? ['+'] : shortcut.split('+')).map((key) => names[key] ?? key.toUpperCase())

export const keyWords = (shortcut: string) => keysOf(shortcut).join(' ')

export const Keys = ({ shortcut }: { shortcut: string }) => <kbd className={classes.key}>{keyWords(shortcut)}</kbd>
