/** Keyboard handling of the canvas page. */
import { useEffect } from 'react'
import { hasOwnKeys, isTyping, shortcutOf } from '../../core/base/keys'
import { nudgeBy } from '../../state/commands'
import { contributed } from '../../state/contributions'
import { useDocument } from '../../state/document'
import { choose, toggleChosen, useSelection } from '../../state/selection'
import { typeAhead, useView } from '../../state/view'

/** These work in text fields too. */
const ALWAYS = new Set(['mod+k', 'mod+enter', 'mod+shift+enter'])
/** These work in lists and tables with keys of their own, but not while the user types. */
const BESIDE_TYPING = new Set(['shift+enter'])

/** An overlay handles all keys itself. */
const isCovered = () => {
  const { search, commands: dialog, outline, versions } = useView.getState()
  return search !== null || dialog !== null || outline || versions
}

const focused = () => document.activeElement as HTMLElement | null

/** The card or the edge that has the focus itself, not a button on it. */
const idOf = (kind: 'node' | 'edge') => (focused()?.matches(`.react-flow__${kind}`) ? (focused()?.dataset.id ?? null) : null)

/** A focused control handles Enter and Space itself. */
function isPressing({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  if ((key !== 'Enter' && key !== ' ') || ctrlKey || metaKey) return false
  if (shiftKey && key === 'Enter') return focused()?.matches('button, a, summary, [role=tab]') ?? false
  return focused() !== document.body && !focused()?.matches('.react-flow, .react-flow__node, .react-flow__edge')
}

/** A focused card or edge that is not selected becomes the selection, as on a right click. */
function chooseFocused() {
  const { nodes, edges } = useSelection.getState()
  const [card, wire] = [idOf('node'), idOf('edge')]
  if (card && !nodes.has(card)) choose([card])
  if (wire && !edges.has(wire)) choose([], [wire])
}

/** Space adds the focused card or edge to the selection, or removes it. */
function toggleFocused(event: KeyboardEvent): boolean {
  const [card, wire] = [idOf('node'), idOf('edge')]
  if (event.key !== ' ' || (!card && !wire)) return false
  toggleChosen(card ? 'nodes' : 'edges', card ?? wire ?? '')
  return true
}

function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || isCovered()) return
  const shortcut = shortcutOf(event)
  const allowed = ALWAYS.has(shortcut) || (BESIDE_TYPING.has(shortcut) && !isTyping(focused()))
  // A menu that Escape has closed is gone, and the focus is elsewhere.
  const elsewhere = hasOwnKeys(focused()) || hasOwnKeys(event.target as HTMLElement)
  if ((elsewhere && !allowed) || isPressing(event)) return
  if ((!useDocument.getState().readOnly && typeAhead(event)) || toggleFocused(event)) {
    event.preventDefault()
    return
  }
  const command = contributed.commands.find((each) => !each.gesture && each.keys.includes(shortcut))
  if (!command) return
  event.preventDefault()
  if (command.onChosen) chooseFocused()
  if (command.can?.() ?? true) command.run()
}

function onArrow(event: KeyboardEvent) {
  const held = event.ctrlKey || event.metaKey || event.altKey
  if (held || isCovered() || !isOnCanvas() || !event.key.startsWith('Arrow')) return
  chooseFocused()
  if (!nudgeBy(event.key, event.shiftKey)) return
  event.preventDefault()
  event.stopPropagation()
}

export function useKeys() {
  useEffect(() => {
    document.addEventListener('keydown', onKey)
    document.addEventListener('keydown', onArrow, true)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('keydown', onArrow, true)
    }
  }, [])
}

function isOnCanvas(): boolean {
  const focus = focused()
  return !isTyping(focus) && (focus === document.body || focus?.closest('.react-flow') !== null)
}
