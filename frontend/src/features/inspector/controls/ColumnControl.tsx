import { offeredNames } from '../../../core/catalogue/columnRules'
import { Picker } from '../../../ui/Picker'
import { KindIcon } from '../../../ui/table/KindIcon'
import { filterColumns, useColumnOptions, WHILE_OPEN } from './ColumnOption'
import type { ControlProps } from './control'

/** Before the columns are known, a name can still be typed; the control stays mounted when they arrive. */
export const WHILE_UNKNOWN = 'The columns are not known yet. Enter a name.'

export const asEntries = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }))

export const noSuchColumn = (typed: string) => `There is no column “${typed}” here. Select one from the list, or press Escape to cancel.`

export function ColumnControl({ id, node, param, value, onChange, columns, readOnly }: ControlProps) {
  const name = typeof value === 'string' && value ? value : null
  const column = columns?.find((each) => each.name === name)
  const renderOption = useColumnOptions(node, param.port, columns)
  return (
    <Picker
      id={id} aria-label={param.title} entries={(typed) => asEntries(offeredNames(columns, name ? [name] : [], typed))} value={name} onChange={onChange} unknown={noSuchColumn}
      clearable={param.nullable} readOnly={readOnly} placeholder="Select a column" nothingFoundMessage={columns ? 'No matching column' : WHILE_UNKNOWN}
      error={name !== null && columns !== null && !column} leftSection={column && <KindIcon kind={column.kind} size={16} />} leftSectionWidth={30} renderOption={renderOption} filter={filterColumns} comboboxProps={WHILE_OPEN}
    />
  )
}
