/** The list is one stop of Tab; the arrow keys move between its rows. */
import { useEffect, type FocusEvent, type KeyboardEvent, type RefObject } from 'react'

const rowsOf = (list: HTMLElement) => [...list.querySelectorAll<HTMLElement>('[data-row]:not(:disabled)')]

const GOES: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** @param before - Gets the focus above the first row: the search field. */
export function useRowKeys(list: RefObject<HTMLElement | null>, before: RefObject<HTMLElement | null>) {
  // Rows come and go with every search: one of them is always the stop.
  useEffect(() => {
    const rows = list.current ? rowsOf(list.current) : []
    if (!rows.some((row) => row.tabIndex === 0)) rows[0]?.setAttribute('tabindex', '0')
  })
  const onFocus = ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
    if (target.matches('[data-row]')) rowsOf(currentTarget).forEach((row) => row.setAttribute('tabindex', row === target ? '0' : '-1'))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const go = GOES[event.key]
    const rows = rowsOf(event.currentTarget)
    const at = rows.indexOf(document.activeElement as HTMLElement)
    if (!go || at < 0) return
    event.preventDefault()
    const next = go(at, rows.length)
    if (next < 0) before.current?.focus()
    else rows[next]?.focus()
  }
  const toFirst = () => list.current && rowsOf(list.current).find((row) => !row.hasAttribute('aria-expanded'))?.focus()
  return { listeners: { onFocus, onKeyDown }, toFirst }
}
