/** A select with free typing, which never discards the typed text. */
import { Select, type ComboboxItem, type SelectProps } from '@mantine/core'
import { grouped } from '../core/base/grouped'
import { useTypedText } from './useTypedText'

interface PickerEntry extends ComboboxItem {
  /** The heading under which it is listed. */
  group?: string
}

interface Props extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  /** The entries for a typed text. */
  entries(typed: string): PickerEntry[]
  value: string | null
  onChange(value: string | null): void
  /** The message when the typed text is not an entry. */
  unknown(typed: string): string
}

export function Picker({ entries, value, onChange, unknown, error, clearable, ...rest }: Props) {
  const { text, words, forget, props } = useTypedText({ entries, picked: value, take: onChange, clear: clearable ? () => onChange(null) : undefined, unknown })
  const data = entries(text ?? '')
  const pick = (next: string | null) => {
    forget()
    onChange(next)
  }
  return (
    <Select
      {...rest} {...props} data={grouped(data)} value={value} onChange={pick} searchable allowDeselect={false} openOnFocus={false} clearable={clearable}
      searchValue={text ?? data.find((entry) => entry.value === value)?.label ?? ''} error={words ?? error}
    />
  )
}
