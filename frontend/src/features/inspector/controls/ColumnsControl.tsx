import { ActionIcon, Button, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import {
  COLUMN_TYPES, emptySelector, offeredNames, pickColumns, readRules, ROLES, selectorKind, writeRules, type Rule, type Selector, type SelectorKind,
} from '../../../core/catalogue/columnRules'
import { counted } from '../../../core/base/numbers'
import type { Column } from '../../../core/data/tables'
import { useTypedText } from '../../../ui/useTypedText'
import { useDraft } from '../useDraft'
import { asEntries, noSuchColumn, WHILE_UNKNOWN } from './ColumnControl'
import { filterColumns, useColumnOptions, WHILE_OPEN } from './ColumnOption'
import classes from './controls.module.css'
import type { ControlProps } from './control'

const KINDS: { value: SelectorKind; label: string }[] = [
  { value: 'all', label: 'all columns' }, { value: 'names', label: 'by name' }, { value: 'types', label: 'by type' },
  { value: 'roles', label: 'by role' }, { value: 'indices', label: 'by position' },
]

interface PartProps<S> {
  selector: S
  columns: Column[] | null
  readOnly: boolean
  /** How a column is drawn in a list. */
  renderOption: ReturnType<typeof useColumnOptions>
  onChange(selector: Selector): void
}

function Names({ selector, columns, readOnly, renderOption, onChange }: PartProps<{ names: string[] }>) {
  const { names } = selector
  const entries = (typed: string) => asEntries(offeredNames(columns, names, typed))
  const { text, words, forget, props } = useTypedText({ entries, picked: names.join(), take: (name) => onChange({ names: [...new Set([...names, name])] }), unknown: noSuchColumn })
  const pick = (next: string[]) => {
    forget()
    onChange({ names: next })
  }
  return (
    <MultiSelect
      {...props} size="xs" aria-label="Columns" placeholder={names.length ? undefined : 'Column names'} readOnly={readOnly} searchable hidePickedOptions openOnFocus={false}
      data={entries(text ?? '')} value={names} onChange={pick} searchValue={text ?? ''} error={words} filter={filterColumns} comboboxProps={WHILE_OPEN}
      nothingFoundMessage={columns ? 'No matching column' : WHILE_UNKNOWN} renderOption={renderOption}
    />
  )
}

function Positions({ selector, readOnly, onChange }: PartProps<{ indices: string }>) {
  const draft = useDraft(selector.indices, (indices) => onChange({ indices }))
  return <TextInput size="xs" readOnly={readOnly} placeholder="1-4, 6" aria-label="Positions" {...draft} />
}

function Part({ selector, ...rest }: PartProps<Selector>) {
  if (selector === 'all') return null
  if ('names' in selector) return <Names selector={selector} {...rest} />
  if ('indices' in selector) return <Positions selector={selector} {...rest} />
  const shared = { size: 'xs', readOnly: rest.readOnly } as const
  if ('types' in selector) {
    return <MultiSelect {...shared} data={[...COLUMN_TYPES]} value={selector.types} onChange={(types) => rest.onChange({ types: COLUMN_TYPES.filter((type) => types.includes(type)) })} aria-label="Types" placeholder={selector.types.length ? undefined : 'Types'} />
  }
  return <MultiSelect {...shared} data={[...ROLES]} value={selector.roles} onChange={(roles) => rest.onChange({ roles: ROLES.filter((role) => roles.includes(role)) })} aria-label="Roles" placeholder={selector.roles.length ? undefined : 'Roles'} />
}

interface RuleProps extends Pick<PartProps<Selector>, 'columns' | 'readOnly' | 'renderOption'> {
  rule: Rule
  onChange(rule: Rule): void
  onRemove(): void
}

function RuleRow({ rule, onChange, onRemove, ...rest }: RuleProps) {
  const { readOnly } = rest
  return (
    <div className={classes.rule}>
      <Group gap={4} wrap="nowrap">
        <Select w={96} data={[{ value: 'include', label: 'Include' }, { value: 'exclude', label: 'Exclude' }]} value={rule.does} readOnly={readOnly} allowDeselect={false} onChange={(does) => onChange({ ...rule, does: does === 'exclude' ? 'exclude' : 'include' })} aria-label="Include or exclude" />
        <Select flex={1} data={KINDS} value={selectorKind(rule.selector)} readOnly={readOnly} allowDeselect={false} onChange={(kind) => kind && onChange({ ...rule, selector: emptySelector(kind as SelectorKind) })} aria-label="Which columns" />
        {!readOnly && <ActionIcon size={24} onClick={onRemove} aria-label="Remove rule"><IconX size={14} /></ActionIcon>}
      </Group>
      <Part selector={rule.selector} {...rest} onChange={(selector) => onChange({ ...rule, selector })} />
    </div>
  )
}

function Outcome({ rules, columns }: { rules: Rule[]; columns: Column[] }) {
  const picked = pickColumns(rules, columns)
  return <Text fz={12} c="dimmed" title={picked.join(', ')}>{picked.length} of {counted(columns.length, 'column')}</Text>
}

/** Rules in order, starting from an empty selection, and the resulting columns. */
export function ColumnsControl({ node, param, value, onChange, columns, readOnly }: ControlProps) {
  const renderOption = useColumnOptions(node, param.port, columns)
  const rules = readRules(value)
  const write = (next: Rule[]) => onChange(writeRules(next))
  const add = () => write([...rules, { does: rules.length === 0 ? 'include' : 'exclude', selector: { names: [] } }])
  return (
    <Stack gap={6}>
      {rules.map((rule, at) => (
        <RuleRow
          key={at} rule={rule} columns={columns} readOnly={readOnly} renderOption={renderOption}
          onChange={(next) => write(rules.map((each, place) => (place === at ? next : each)))} onRemove={() => write(rules.filter((_, place) => place !== at))}
        />
      ))}
      <Group justify="space-between" gap="xs">
        {!readOnly && <Button h={28} px={10} fz={12} variant="default" leftSection={<IconPlus size={14} stroke={1.6} />} onClick={add}>{rules.length === 0 ? 'Select columns' : 'Add a rule'}</Button>}
        {columns && rules.length > 0 && <Outcome rules={rules} columns={columns} />}
      </Group>
    </Stack>
  )
}
