import { Autocomplete, Select, type ComboboxItem } from '@mantine/core'
import type { Column } from '../../../core/tables'
import { KindIcon } from '../../../ui/table/KindIcon'
import { useDraft } from '../useDraft'
import classes from './controls.module.css'
import type { ControlProps } from './control'

export function ColumnOption({ name, columns }: { name: string; columns: readonly Column[] }) {
  const column = columns.find((each) => each.name === name)
  return (
    <span className={classes.option}>
      {column && <KindIcon kind={column.kind} />}
      <span>{name}</span>
      <span className={classes.faint}>{column ? [column.dtype, column.role].filter(Boolean).join(', ') : 'not in this table'}</span>
    </span>
  )
}

/** Before the columns are known, a name can still be typed. */
function NameControl({ id, value, onChange, readOnly }: ControlProps) {
  const draft = useDraft(typeof value === 'string' ? value : '', (text) => onChange(text || null))
  return <Autocomplete id={id} size="xs" data={[]} readOnly={readOnly} placeholder="Column name" value={draft.value} onBlur={draft.onBlur} onChange={(text) => draft.onChange({ currentTarget: { value: text } })} />
}

export function ColumnControl(props: ControlProps) {
  const { id, param, value, onChange, columns, readOnly } = props
  if (!columns) return <NameControl {...props} />
  const name = typeof value === 'string' && value ? value : null
  const names = columns.map((column) => column.name)
  const data = name && !names.includes(name) ? [name, ...names] : names
  return (
    <Select
      id={id} data={data} value={name} onChange={onChange} searchable clearable={param.nullable} readOnly={readOnly} placeholder="Choose a column" nothingFoundMessage="No such column"
      error={name !== null && !names.includes(name)} renderOption={({ option }: { option: ComboboxItem }) => <ColumnOption name={option.value} columns={columns} />}
    />
  )
}
