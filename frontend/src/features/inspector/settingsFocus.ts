/** Where the focus goes among the settings, and the help of the setting that has it. */
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { useView } from '../../state/view'

/** The help of the setting that has the focus: always at the same place, where it covers nothing. */
export function useHelp() {
  const [help, setHelp] = useState('')
  const onFocus = ({ target }: FocusEvent<Element>) => setHelp(target.closest('[data-help]')?.getAttribute('data-help') ?? '')
  const onBlur = () => setHelp('')
  return { help, listeners: { onFocus, onBlur } }
}

/** Escape leads from a setting back to its card; a list that is open, or a number that is not taken, has it first. */
export function backToCard(event: KeyboardEvent, id: string | null) {
  const target = event.target as Element
  if (event.key !== 'Escape' || event.defaultPrevented || target.getAttribute('aria-expanded') === 'true' || target.getAttribute('aria-invalid') === 'true') return
  event.preventDefault()
  useView.getState().canvas?.focus(id)
}

/** A request to go to the settings puts the focus on the first one. */
export function useEntering() {
  const panel = useRef<HTMLElement>(null)
  const asked = useView((view) => view.toSettings)
  const answered = useRef(asked)
  useEffect(() => {
    if (asked === answered.current) return
    answered.current = asked
    const title = asked?.to === 'title' && panel.current?.querySelector<HTMLInputElement>('header input')
    if (title) {
      title.select()
      return
    }
    const first = '[data-help] :is(input, textarea, button, [contenteditable=true]):not([tabindex="-1"])'
    ;(panel.current?.querySelector<HTMLElement>(first) ?? panel.current?.querySelector<HTMLElement>('input, textarea, button'))?.focus()
  }, [asked])
  return panel
}
