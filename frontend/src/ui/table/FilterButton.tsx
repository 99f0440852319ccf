import { ActionIcon, Popover } from '@mantine/core'
import { IconFilter, IconFilterFilled } from '@tabler/icons-react'
import { useState } from 'react'
import type { Cell, Column, Filter } from '../../core/data/tables'
import { FilterForm } from './FilterForm'

interface Props {
  column: Column
  filter: Filter | undefined
  suggestions: Cell[]
  onFilter: (filter: Filter | null) => void
}

export function FilterButton({ column, filter, suggestions, onFilter }: Props) {
  const [open, setOpen] = useState(false)
  const choose = (next: Filter | null) => {
    onFilter(next)
    setOpen(false)
  }
  return (
    <Popover opened={open} onChange={setOpen} trapFocus returnFocus position="bottom-end">
      <Popover.Target>
        <ActionIcon
          data-filter size={24} variant={filter ? 'light' : 'subtle'} color={filter ? undefined : 'gray'} tabIndex={-1}
          aria-label={`Filter ${column.name}`} onClick={() => setOpen((before) => !before)}
        >
          {filter ? <IconFilterFilled size={14} /> : <IconFilter size={14} />}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown onKeyDown={(event) => event.stopPropagation()}>
        <FilterForm column={column} filter={filter} suggestions={suggestions} onFilter={choose} />
      </Popover.Dropdown>
    </Popover>
  )
}
