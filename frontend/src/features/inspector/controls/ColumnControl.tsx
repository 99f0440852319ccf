import { Select, type ComboboxItem } from '@mantine/core'
import { useState } from 'react'
import { offeredNames } from '../../../core/columns'
import type { Column } from '../../../core/tables'
import { KindIcon } from '../../../ui/table/KindIcon'
import classes from './controls.module.css'
import type { ControlProps } from './control'

/** Before the columns are known, a name can still be typed; the control stays the same one when they arrive. */
export const WHILE_UNKNOWN = 'The columns are not known yet. Type a name.'

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
  const [typed, setTyped] = useState('')
  const name = typeof value === 'string' && value ? value : null
  const isMissing = name !== null && columns !== null && !columns.some((column) => column.name === name)
  return (
    <Select
      id={id} data={offeredNames(columns, name ? [name] : [], typed)} value={name} onChange={onChange} searchable onSearchChange={setTyped} autoSelectOnBlur={columns === null}
      clearable={param.nullable} readOnly={readOnly} placeholder="Choose a column" nothingFoundMessage={columns ? 'No such column' : WHILE_UNKNOWN}
      error={isMissing} renderOption={({ option }: { option: ComboboxItem }) => <ColumnOption name={option.value} columns={columns} />}
    />
  )
}
