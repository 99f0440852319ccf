import { Group, NativeSelect, TextInput } from '@mantine/core'
import { OUTCOMES, type AuditFilter } from '../../core/team/audit'

interface Props {
  filter: AuditFilter
  actions: Record<string, string>
  onChange: (filter: AuditFilter) => void
}

/** The filters of the audit trail; each choice applies at once. */
export function Filters({ filter, actions, onChange }: Props) {
  const field = (name: keyof AuditFilter) => ({
    size: 'xs' as const, value: filter[name] ?? '', onChange: (event: { currentTarget: { value: string } }) => onChange({ ...filter, [name]: event.currentTarget.value }),
  })
  const choices = Object.entries(actions).map(([value, label]) => ({ value, label })).sort((one, other) => one.label.localeCompare(other.label))
  return (
    <Group gap="xs" mb="md" align="flex-end" role="search" aria-label="Filters">
      <TextInput label="Who" placeholder="Part of the e-mail address" w={180} {...field('who')} />
      <NativeSelect label="Action" data={[{ value: '', label: 'Any' }, ...choices]} {...field('action')} />
      <NativeSelect label="Outcome" data={[{ value: '', label: 'Any' }, ...OUTCOMES]} {...field('outcome')} />
      <TextInput label="From" type="date" {...field('since')} />
      <TextInput label="To" type="date" {...field('until')} />
    </Group>
  )
}
