import { Button, NativeSelect, Popover } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useState } from 'react'
import { withFilter, type Column, type Profile, type Question } from '../../core/data/tables'
import { FilterForm } from './FilterForm'

interface Props {
  columns: Column[]
  profile: Profile | undefined
  question: Question
  onAsk: (question: Question) => void
}

/** A filter on a column to choose; the header of each column has one of its own. */
export function FilterMenu({ columns, profile, question, onAsk }: Props) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const column = columns.find((one) => one.name === name) ?? columns[0]
  if (!column) return null
  return (
    <Popover opened={open} onChange={setOpen} trapFocus returnFocus position="bottom-end">
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconFilter size={14} stroke={1.6} />} onClick={() => setOpen((before) => !before)}>Filter</Button>
      </Popover.Target>
      <Popover.Dropdown onKeyDown={(event) => event.stopPropagation()}>
        <NativeSelect size="xs" mb="xs" w={220} label="Column" value={column.name} data={columns.map((one) => one.name)} onChange={(event) => setName(event.currentTarget.value)} />
        <FilterForm
          key={column.name} column={column} filter={question.filters.find((one) => one.column === column.name)}
          suggestions={profile?.columns.find((one) => one.name === column.name)?.top?.map((one) => one.value) ?? []}
          onFilter={(next) => { onAsk({ ...question, filters: withFilter(question.filters, column.name, next) }); setOpen(false) }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
