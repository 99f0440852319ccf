import type { ComboboxItem } from '@mantine/core'
import { offeredNames } from '../../../core/catalogue/columnRules'
import type { Column } from '../../../core/data/tables'
import { Picker } from '../../../ui/Picker'
import { KindIcon } from '../../../ui/table/KindIcon'
import classes from './controls.module.css'
import type { ControlProps } from './control'

/** Before the columns are known, a name can still be typed; the control stays mounted when they arrive. */
export const WHILE_UNKNOWN = 'The columns are not known yet. Enter a name.'

export const asEntries = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }))

export const noSuchColumn = (typed: string) => `There is no column “${typed}” here. Choose one from the list, or press Escape to cancel.`

export function ColumnOption({ name, columns }: { name: string; columns: readonly Column[] | null }) {
  const column = columns?.find((each) => each.name === name)
  return (
    <span className={classes.option}>
      {column && <KindIcon kind={column.kind} />}
      <span>{name}</span>
      <span className={classes.faint}>{column ? [column.dtype, column.role].filter(Boolean).join(', ') : columns && 'not in this table'}</span>
    </span>
  )
}

export function ColumnControl({ id, param, value, onChange, columns, readOnly }: ControlProps) {
  const name = typeof value === 'string' && value ? value : null
  const isMissing = name !== null && columns !== null && !columns.some((column) => column.name === name)
  return (
    <Picker
      id={id} entries={(typed) => asEntries(offeredNames(columns, name ? [name] : [], typed))} value={name} onChange={onChange} unknown={noSuchColumn}
      clearable={param.nullable} readOnly={readOnly} placeholder="Choose a column" nothingFoundMessage={columns ? 'No matching column' : WHILE_UNKNOWN}
      error={isMissing} renderOption={({ option }: { option: ComboboxItem }) => <ColumnOption name={option.value} columns={columns} />}
    />
  )
}
