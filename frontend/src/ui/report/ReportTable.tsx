import { Button } from '@mantine/core'
import { useState } from 'react'
import { copiedText } from '../../core/data/cells'
import { counted, figure } from '../../core/base/numbers'
import type { TableBlock } from '../../core/data/reports'
import type { Cell } from '../../core/data/tables'
import classes from './report.module.css'

const FEW = 20

export function ReportTable({ block }: { block: TableBlock }) {
  const [all, setAll] = useState(false)
  const rows = all ? block.rows : block.rows.slice(0, FEW)
  const numeric = block.columns.map((_, index) => block.rows.every((row) => row[index] === null || typeof row[index] === 'number'))
  return (
    <>
      <header className={classes.title}>{block.title}</header>
      <div className={classes.scroller} tabIndex={0} role="region" aria-label={block.title}>
        <table className={classes.table} data-tight>
          <thead>
            <tr>{block.columns.map((name, index) => <th key={index} scope="col" data-number={numeric[index] || undefined}>{name}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={place}>{row.map((value, index) => <td key={index} data-number={numeric[index] || undefined}>{textOf(value)}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {block.rows.length > FEW && (
        <Button mt={4} size="compact-xs" variant="subtle" onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${counted(block.rows.length, 'row')}`}</Button>
      )}
    </>
  )
}

function textOf(value: Cell): string {
  if (value === null) return '–'
  return typeof value === 'number' ? figure(value) : copiedText(value)
}
