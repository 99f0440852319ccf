/** One table value as text. */

import { aligned } from '../base/numbers'
import type { Cell, ColumnKind } from './tables'

/** The text of a present value; numbers with the decimals of their column. */
export function cellText(value: Exclude<Cell, null>, kind: ColumnKind, decimals = 6): string {
  if (typeof value === 'number') return aligned(value, decimals)
  if (typeof value === 'object') return JSON.stringify(value)
  if (kind === 'datetime' && typeof value === 'string') return momentText(value)
  return String(value)
}

/** A date and time without empty parts: no midnight, no zero fractions. */
function momentText(iso: string): string {
  return iso.replace('T', ' ').replace(/(:\d\d)\.0+(?=$|[Z+-])/, '$1').replace(/ 00:00(:00)?$/, '')
}

/** A value for copying: all its digits, and empty text for a missing value. */
export function copiedText(value: Cell | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
