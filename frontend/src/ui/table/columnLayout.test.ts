import { expect, it } from 'vitest'
import type { Column, RowsPage } from '../../core/data/tables'
import { columnWidths } from './columnLayout'

const column = (name: string, kind: Column['kind']): Column => ({ name, kind, dtype: kind, role: 'feature', categorical: false })
const widths = (columns: Column[], rows: RowsPage['rows']) => columnWidths({ columns, rows, total: rows.length, offset: 0 }, columns.map(() => 0))

it('has room for a name and for the values, within bounds', () => {
  const [short, long, text, endless] = widths(
    [column('a', 'number'), column('number-of-doors', 'number'), column('b', 'text'), column('c', 'text')],
    [[1, 2, 'a value of thirty letters or so', 'x'.repeat(500)], [null, null, null, null]],
  )
  expect(short).toBe(112)
  expect(long).toBeGreaterThan(150)
  expect(text).toBeGreaterThan(200)
  expect(endless).toBe(280)
})

it('is the same for a table without rows', () => {
  expect(widths([column('a', 'number')], [])).toEqual([112])
})
