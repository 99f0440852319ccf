import { VisuallyHidden } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useMemo } from 'react'
import { nextSort, type Profile, type Question } from '../../core/data/tables'
import { NUMBER_WIDTH } from './columnLayout'
import { GridRow, type Drawn } from './GridRow'
import { HeaderCell } from './HeaderCell'
import classes from './grid.module.css'
import type { Look } from './look'
import type { CellPosition } from './cellPosition'
import { useGridKeys } from './useGridKeys'
import { ROW_HEIGHT, useRowScroll } from './useRowScroll'
import type { Windows } from './useWindows'

const HEADER_HEIGHT = 76

interface Props {
  label: string
  windows: Windows
  profile: Profile | undefined
  question: Question
  onAsk: (question: Question) => void
  focus: CellPosition
  onFocus: (place: CellPosition) => void
  onRange: (first: number, last: number) => void
  /** Without it, the header summarises the columns and filters them. */
  look?: Look
}

/** All rows of a table, of which only those in view are rendered. */
export function Grid({ label, windows, profile, question, onAsk, focus, onFocus, onRange, look }: Props) {
  const id = useId()
  const { columns, total, decimals, widths, windows: rows } = windows
  const header = look?.header ?? HEADER_HEIGHT
  const { box, ...scroll } = useRowScroll(total, header)
  const across = useVirtualizer({
    horizontal: true, count: columns.length, overscan: 3, scrollPaddingStart: NUMBER_WIDTH,
    getScrollElement: () => box.current, estimateSize: (index) => widths[index] ?? 120,
    getItemKey: (index) => columns[index]?.name ?? index,
  })
  const profiles = useMemo(() => new Map(profile?.columns.map((column) => [column.name, column])), [profile])
  const { first, last } = scroll

  useEffect(() => onRange(first, last), [onRange, first, last])
  useEffect(() => void box.current?.scrollTo({ top: 0 }), [box, question])
  useEffect(() => across.measure(), [across, widths])

  const sort = (column: string) => onAsk({ ...question, sort: nextSort(question.sort, column) })
  const move = (place: CellPosition) => {
    onFocus(place)
    scroll.show(place.row)
    across.scrollToIndex(place.column)
  }
  const onKeyDown = useGridKeys({ focus, columns, rows, total, page: scroll.page, move, sort, open: look?.onOpen, id })
  const items = across.getVirtualItems()
  const drawn = useMemo(() => items.flatMap((item): Drawn[] => {
    const column = columns[item.index]
    return column ? [{ column, index: item.index, left: NUMBER_WIDTH + item.start, width: item.size, decimals: decimals[item.index] ?? 6 }] : []
  }), [items, columns, decimals])
  const width = NUMBER_WIDTH + across.getTotalSize()
  // Only a cell that is in the document may be named: none is while columns load or the focused row is scrolled away.
  const focusIsDrawn = (focus.row === -1 || (focus.row >= first && focus.row <= last)) && drawn.some((one) => one.index === focus.column)

  return (
    <div
      ref={box} className={classes.box} role="grid" tabIndex={0} aria-label={label} aria-rowcount={total + 1} aria-colcount={columns.length + 1}
      aria-busy={windows.loading} aria-activedescendant={focusIsDrawn ? `${id}-${focus.row}-${focus.column}` : undefined} onScroll={scroll.onScroll} onKeyDown={onKeyDown}
    >
      <div className={classes.header} role="row" aria-rowindex={1} style={{ width, height: header }}>
        <div className={classes.corner} role="columnheader" aria-colindex={1} style={{ width: NUMBER_WIDTH }}><VisuallyHidden>Row number</VisuallyHidden></div>
        {drawn.map((one) => (
          <HeaderCell
            key={one.column.name} id={`${id}--1-${one.index}`} drawn={one} profile={profiles.get(one.column.name)} rows={profile?.rows ?? 0}
            focused={focus.row === -1 && focus.column === one.index} filters={!look} question={question} onAsk={onAsk}
            onSort={() => { onFocus({ row: -1, column: one.index }); sort(one.column.name) }}
          />
        ))}
      </div>
      <div role="rowgroup" className={classes.body} style={{ width, height: scroll.height }} data-stale={windows.loading || undefined}>
        {Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset).map((row) => (
          <GridRow
            key={row} id={id} row={row} y={row * ROW_HEIGHT + scroll.shift} width={width} cells={rows.row(row)} drawn={drawn} look={look}
            focused={focus.row === row ? focus.column : -1} onFocus={onFocus}
          />
        ))}
      </div>
    </div>
  )
}
