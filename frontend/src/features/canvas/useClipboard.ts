/** Copy, cut and paste through the system clipboard: modules as plain text, and tables from other programs. */
import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { hasOwnKeys } from '../../core/base/keys'
import { counted } from '../../core/base/numbers'
import { readPastedTable, type PastedTable } from '../../core/data/pastedTable'
import { useDocument } from '../../state/document'
import { addNode, copyChosen, pasteText, removeChosen } from '../../state/edit'
import { useView } from '../../state/view'

const focused = () => document.activeElement as HTMLElement | null

const elsewhere = () => hasOwnKeys(focused()) || !getSelection()?.isCollapsed

/** Longer text should be uploaded as a file rather than stored in the pipeline. */
const MOST_LETTERS = 50_000

type Upload = (files: readonly File[]) => void

function pasteTable(text: string, { separator, header, rows, columns }: PastedTable, upload: Upload) {
  if (separator === ';' || text.length > MOST_LETTERS) {
    upload([new File([text], `Pasted table.${separator === '\t' ? 'tsv' : 'csv'}`, { type: 'text/plain' })])
    return
  }
  const { canvas } = useView.getState()
  if (!canvas) return
  const params = { text, ...(separator === '\t' && { format: 'tsv' }), ...(!header && { header: false }) }
  canvas.focus(addNode('data.enter_data', canvas.pointer(), { params, title: 'Pasted table', anywhere: true }))
  notifications.show({ title: 'Pasted as a table', message: `${counted(rows, 'row')}, ${counted(columns, 'column')}. The first line ${header ? 'is used as column names' : 'is read as data'}. You can change this in the settings.`, autoClose: 5000 })
}

function paste(event: ClipboardEvent, upload: Upload) {
  const { canvas } = useView.getState()
  const { files } = event.clipboardData ?? {}
  const text = event.clipboardData?.getData('text/plain') ?? ''
  if (hasOwnKeys(focused()) || !canvas || (!text.trim() && !files?.length)) return
  event.preventDefault()
  if (useDocument.getState().readOnly) return
  const table = readPastedTable(text)
  if (pasteText(text, canvas.pointer())) return
  if (table) pasteTable(text, table, upload)
  else if (files?.length) upload([...files])
  else notifications.show({ title: 'Nothing to paste', message: 'The clipboard contains neither modules nor a table. Copy modules from a canvas, or rows from a spreadsheet.', color: 'gray' })
}

export function useClipboard(upload: Upload) {
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const text = elsewhere() ? null : copyChosen()
      if (text === null) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      if (event.type === 'cut') useView.getState().canvas?.focus(removeChosen())
    }
    const onPaste = (event: ClipboardEvent) => paste(event, upload)
    document.addEventListener('copy', copy)
    document.addEventListener('cut', copy)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', copy)
      document.removeEventListener('cut', copy)
      document.removeEventListener('paste', onPaste)
    }
  }, [upload])
}
