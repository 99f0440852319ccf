import { Group, NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { OUTCOMES, type AuditFilter } from '../../core/team/audit'

interface Props {
  filter: AuditFilter
  actions: Record<string, string>
  onChange: (filter: AuditFilter) => void
  /** Shown after the filters. */
  end: ReactNode
}

/** The filters of the audit trail; each choice applies at once. */
export function Filters({ filter, actions, onChange, end }: Props) {
  const field = (name: keyof AuditFilter) => ({
    value: filter[name] ?? '', onChange: (event: { currentTarget: { value: string } }) => onChange({ ...filter, [name]: event.currentTarget.value }),
  })
  const choices = Object.entries(actions).map(([value, label]) => ({ value, label })).sort((one, other) => one.label.localeCompare(other.label))
  return (
    <Group gap="xs" mb="md" align="flex-end" role="search" aria-label="Filters">
      <TextInput label="Who" placeholder="Part of an email address" w={190} {...field('who')} />
      <NativeSelect label="Action" w={200} data={[{ value: '', label: 'Any' }, ...choices]} {...field('action')} />
      <NativeSelect label="Outcome" w={110} data={[{ value: '', label: 'Any' }, ...OUTCOMES]} {...field('outcome')} />
      <TextInput label="From" type="date" {...field('since')} />
      <TextInput label="To" type="date" {...field('until')} />
      {end}
    </Group>
  )
}
