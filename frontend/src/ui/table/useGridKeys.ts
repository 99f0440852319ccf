import type { KeyboardEvent } from 'react'
import { copiedText } from '../../core/data/cells'
import type { Column } from '../../core/data/tables'
import type { RowWindows } from '../../core/data/rowWindows'
import { moveCell } from './moveCell'
import type { CellPosition } from './cellPosition'

interface Options {
  id: string
  focus: CellPosition
  columns: Column[]
  rows: RowWindows
  total: number
  page: number
  move: (place: CellPosition) => void
  sort: (column: string) => void
  open?: (row: number) => void
}

/** Arrows move the focused cell, Enter on a header sorts and on a row opens it, Alt+Down opens its filter, Ctrl+C copies the cell. */
export function useGridKeys({ id, focus, columns, rows, total, page, move, sort, open }: Options) {
  return (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return
    const column = columns[focus.column]
    if (event.altKey && event.key === 'ArrowDown') {
      document.getElementById(`${id}--1-${focus.column}`)?.querySelector<HTMLButtonElement>('[data-filter]')?.click()
    } else if (event.key === 'Enter' && focus.row === -1 && column) {
      sort(column.name)
    } else if (event.key === 'Enter' && focus.row >= 0 && open) {
      open(focus.row)
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && getSelection()?.isCollapsed !== false) {
      void navigator.clipboard.writeText(focus.row === -1 ? (column?.name ?? '') : copiedText(rows.row(focus.row)?.[focus.column]))
    } else {
      const place = moveCell(focus, event.key, event.ctrlKey || event.metaKey, { rows: total, columns: columns.length, page })
      if (!place) return
      move(place)
    }
    event.preventDefault()
  }
}
