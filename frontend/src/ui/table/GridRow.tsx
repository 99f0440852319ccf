import { memo } from 'react'
import { count } from '../../core/base/numbers'
import { copiedText } from '../../core/data/cells'
import type { Cell, Column } from '../../core/data/tables'
import { CellText } from './CellText'
import { NUMBER_WIDTH } from './columnLayout'
import classes from './grid.module.css'
import type { Look } from './look'
import type { CellPosition } from './cellPosition'
import { ROW_HEIGHT } from './useRowScroll'

/** A column that is in view, and its position. */
export interface Drawn {
  column: Column
  index: number
  left: number
  width: number
  decimals: number
}

interface Props {
  id: string
  row: number
  y: number
  width: number
  cells: Cell[] | undefined
  drawn: Drawn[]
  look: Look | undefined
  /** The focused column in this row, or -1. */
  focused: number
  onFocus: (place: CellPosition) => void
}

export const GridRow = memo(function GridRow({ id, row, y, width, cells, drawn, look, focused, onFocus }: Props) {
  return (
    <div className={classes.row} role="row" aria-rowindex={row + 2} data-mark={cells && look?.mark?.(cells)} onClick={look?.onOpen && (() => look.onOpen?.(row))} style={{ width, height: ROW_HEIGHT, transform: `translateY(${y}px)` }}>
      <div className={classes.number} role="rowheader" aria-colindex={1} style={{ width: NUMBER_WIDTH }}>{count(row + 1)}</div>
      {drawn.map(({ column, index, left, width: wide, decimals }) => {
        const value = cells?.[index]
        return (
          <div
            key={column.name} id={`${id}-${row}-${index}`} className={classes.cell} role="gridcell" aria-colindex={index + 2}
            aria-selected={focused === index || undefined} data-kind={column.kind} style={{ left, width: wide }} title={copiedText(value)}
            onMouseDown={() => onFocus({ row, column: index })}
          >
            {(cells && look?.cell?.(column, cells)) ?? <CellText value={value} kind={column.kind} decimals={decimals} />}
          </div>
        )
      })}
    </div>
  )
})
