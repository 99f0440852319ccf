import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useId, useState } from 'react'
import { copiedText } from '../../core/data/cells'
import { filterValue, needsValue, operatorsFor, operatorWords, type Cell, type Column, type Filter, type Operator } from '../../core/data/tables'

interface Props {
  column: Column
  filter: Filter | undefined
  suggestions: Cell[]
  onFilter: (filter: Filter | null) => void
}

/** A filter form: keeps the rows whose value in one column matches. */
export function FilterForm({ column, filter, suggestions, onFilter }: Props) {
  const listId = useId()
  const operators = operatorsFor(column.kind)
  const [op, setOp] = useState<Operator>(filter?.op ?? (column.kind === 'text' ? 'contains' : '='))
  const [typed, setTyped] = useState(filter ? copiedText(filter.value) : column.kind === 'boolean' ? 'true' : '')
  const [problem, setProblem] = useState<string | null>(null)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!needsValue(op)) return onFilter({ column: column.name, op, value: null })
    const value = filterValue(column.kind, typed)
    if (value === undefined) return setProblem(column.kind === 'number' ? 'Enter a number, such as 12.5.' : 'Enter a value.')
    onFilter({ column: column.name, op, value })
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="xs" w={220}>
        <NativeSelect
          size="xs" label={column.name} value={op} data={operators.map((value) => ({ value, label: operatorWords(value) }))}
          onChange={(event) => setOp(operators.find((one) => one === event.currentTarget.value) ?? '=')}
        />
        {needsValue(op) && (column.kind === 'boolean'
          ? <NativeSelect size="xs" aria-label="Value" value={typed} data={['true', 'false']} onChange={(event) => setTyped(event.currentTarget.value)} />
          : (
            <>
              <TextInput
                size="xs" aria-label="Value" placeholder={column.kind === 'datetime' ? '2024-01-31' : 'Value'} data-autofocus value={typed} error={problem} list={listId}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
              <datalist id={listId}>
                {column.kind === 'text' && [...new Set(suggestions.map(copiedText))].filter(Boolean).map((text) => <option key={text} value={text} />)}
              </datalist>
            </>
          ))}
        <Group justify="space-between">
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onFilter(null)} disabled={!filter}>Clear</Button>
          <Button size="compact-xs" type="submit">Filter</Button>
        </Group>
      </Stack>
    </form>
  )
}
