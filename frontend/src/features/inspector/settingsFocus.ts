/** Keyboard focus among the settings, and the help of the focused setting. */
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { useView } from '../../state/view'

/** The help of the focused setting: always at the same place, where it covers nothing. */
export function useHelp() {
  const [help, setHelp] = useState('')
  const onFocus = ({ target }: FocusEvent<Element>) => setHelp(target.closest('[data-help]')?.getAttribute('data-help') ?? '')
  const onBlur = () => setHelp('')
  return { help, listeners: { onFocus, onBlur } }
}

/** Escape moves from a setting back to its card; an open list, or an invalid number, handles it first. */
export function backToCard(event: KeyboardEvent, id: string | null) {
  const target = event.target as Element
  if (event.key !== 'Escape' || event.defaultPrevented || target.getAttribute('aria-expanded') === 'true' || target.getAttribute('aria-invalid') === 'true') return
  event.preventDefault()
  useView.getState().canvas?.focus(id)
}

/** A request to go to the settings focuses the first one, also when it was made before they are shown. */
export function useEntering() {
  const panel = useRef<HTMLElement>(null)
  const asked = useView((view) => view.toSettings)
  useEffect(() => {
    if (!asked) return
    useView.setState({ toSettings: null })
    const title = asked.to === 'title' && panel.current?.querySelector<HTMLTextAreaElement>('header textarea')
    if (title) {
      title.select()
      return
    }
    const first = '[data-help] :is(input, textarea, button, [contenteditable=true]):not([tabindex="-1"], [data-reset], [data-quiet])'
    ;(panel.current?.querySelector<HTMLElement>(first) ?? panel.current?.querySelector<HTMLElement>('input, textarea, button'))?.focus()
  }, [asked])
  return panel
}
