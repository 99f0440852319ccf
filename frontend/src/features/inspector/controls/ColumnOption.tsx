/** A column in a list: type, name, whether it is selected, and how its values spread where that is known. */
import type { ComboboxItem, ComboboxLikeRenderOptionInput, OptionsFilter } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { counted } from '../../../core/base/numbers'
import type { Column } from '../../../core/data/tables'
import { useArrivingTable, type KnownTable } from '../../../state/arrivingTable'
import { profileQuery } from '../../../state/tableSource'
import { Distribution } from '../../../ui/Distribution'
import { KindIcon } from '../../../ui/table/KindIcon'
import classes from './controls.module.css'

/** Asked for when the first row is drawn, which is when the list opens; the rows share the answer. */
function Spread({ table, name }: { table: KnownTable; name: string }) {
  const { data } = useQuery({ ...profileQuery(table.place, table.digest), select: ({ rows, columns }) => ({ rows, column: columns.find((each) => each.name === name) }) })
  return data?.column ? <Distribution column={data.column} rows={data.rows} /> : null
}

interface Props {
  name: string
  picked: boolean
  columns: readonly Column[] | null
  table: KnownTable | null
}

function ColumnOption({ name, picked, columns, table }: Props) {
  const column = columns?.find((each) => each.name === name)
  return (
    <span className={classes.option}>
      <span className={classes.type}>{column && <KindIcon kind={column.kind} size={16} />}</span>
      <span className={classes.name}>{name}</span>
      {picked && <IconCheck size={14} stroke={2} className={classes.check} role="img" aria-label="selected" />}
      <span className={classes.end}>
        {column ? (column.role !== 'feature' && column.role) : columns && 'not in this table'}
        {column && table && <Spread table={table} name={name} />}
      </span>
    </span>
  )
}

const MORE = '\u0000more'

/** How the options of a list of columns are drawn. */
export function useColumnOptions(node: string | null, port: string | null | undefined, columns: readonly Column[] | null) {
  const table = useArrivingTable(node ?? '', node ? port : null)
  return useCallback(
    ({ option, checked }: ComboboxLikeRenderOptionInput<ComboboxItem>) =>
      option.value === MORE ? <span className={classes.more}>{option.label}</span> : <ColumnOption name={option.value} picked={Boolean(checked)} columns={columns} table={table} />,
    [columns, table],
  )
}

/** The rows of a closed list are not drawn, so nothing is asked for them. */
export const WHILE_OPEN = { keepMounted: false, transitionProps: { duration: 140 } }

const MOST = 60

/** The columns whose name contains the typed text; a long list ends with the number of those left out. */
export const filterColumns: OptionsFilter = ({ options, search }) => {
  const typed = search.trim().toLowerCase()
  const found = options.filter((option) => 'value' in option && option.label.toLowerCase().includes(typed))
  const more = found.length - MOST
  return more > 0 ? [...found.slice(0, MOST), { value: MORE, label: `${counted(more, 'more column')}. Type a name to find one.`, disabled: true }] : found
}
