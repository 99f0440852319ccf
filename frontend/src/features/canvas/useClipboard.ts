/** Copy, cut and paste through the system clipboard, as plain text. */
import { useEffect } from 'react'
import { hasOwnKeys } from '../../core/keys'
import { copyChosen, pasteText, removeChosen } from '../../state/edit'
import { useView } from '../../state/view'

const focused = () => document.activeElement as HTMLElement | null

const elsewhere = () => hasOwnKeys(focused()) || !getSelection()?.isCollapsed

export function useClipboard() {
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const text = elsewhere() ? null : copyChosen()
      if (text === null) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      if (event.type === 'cut') removeChosen()
    }
    const paste = (event: ClipboardEvent) => {
      if (hasOwnKeys(focused())) return
      const canvas = useView.getState().canvas
      const text = event.clipboardData?.getData('text/plain')
      if (canvas && text && pasteText(text, canvas.pointer())) event.preventDefault()
    }
    document.addEventListener('copy', copy)
    document.addEventListener('cut', copy)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('copy', copy)
      document.removeEventListener('cut', copy)
      document.removeEventListener('paste', paste)
    }
  }, [])
}
