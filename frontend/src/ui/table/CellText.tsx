import { cellText } from '../../core/data/cells'
import type { Cell, ColumnKind } from '../../core/data/tables'
import classes from './cells.module.css'

interface Props {
  value: Cell | undefined
  kind: ColumnKind
  decimals?: number
}

/** A value, a faint dash for a missing one, or a placeholder bar while it loads. */
export function CellText({ value, kind, decimals }: Props) {
  if (value === undefined) return <span className={classes.coming} />
  if (value === null) return <span className={classes.missing} role="img" aria-label="missing">–</span>
  if (value === '') return <span className={classes.faint}>empty text</span>
  return cellText(value, kind, decimals)
}
