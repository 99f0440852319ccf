/** Every key on the canvas page. */
import { useEffect } from 'react'
import { hasOwnKeys, isTyping, shortcutOf } from '../../core/keys'
import { commands, nudgeBy } from '../../state/commands'
import { useView } from '../../state/view'

/** These mean the same wherever one types. */
const ALWAYS = new Set(['mod+k', 'mod+enter', 'mod+shift+enter'])

/** Tab moves the focus for those who steer by keyboard; it opens the search only while nothing has the focus. */
const isFree = (shortcut: string) => shortcut !== 'tab' || document.activeElement === document.body

/** Something laid over the page has the keys for itself. */
const isCovered = () => {
  const { search, commands: dialog, outline, versions } = useView.getState()
  return search !== null || dialog !== null || outline || versions
}

/** A button has the focus: Enter and Space are its own. */
const isPressing = (event: KeyboardEvent) => (event.key === 'Enter' || event.key === ' ') && !(event.ctrlKey || event.metaKey)

export function useKeys() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isCovered()) return
      const shortcut = shortcutOf(event)
      if ((hasOwnKeys(document.activeElement as HTMLElement | null) && !ALWAYS.has(shortcut)) || isPressing(event) || !isFree(shortcut)) return
      const command = commands.find((each) => !each.gesture && each.keys.includes(shortcut))
      if (!command) return
      event.preventDefault()
      if (command.can?.() ?? true) command.run()
    }
    const onArrow = (event: KeyboardEvent) => {
      const held = event.ctrlKey || event.metaKey || event.altKey
      if (held || isCovered() || !isOnCanvas() || !nudgeBy(event.key, event.shiftKey)) return
      event.preventDefault()
      event.stopPropagation()
    }
    document.addEventListener('keydown', onKey)
    // Before React Flow, which would move a focused card its own way.
    document.addEventListener('keydown', onArrow, true)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('keydown', onArrow, true)
    }
  }, [])
}

function isOnCanvas(): boolean {
  const focus = document.activeElement as HTMLElement | null
  return !isTyping(focus) && (focus === document.body || focus?.closest('.react-flow') !== null)
}
