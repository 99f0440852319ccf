/** A list one can type in, which never drops what was typed. */
import { Select, type ComboboxItem, type SelectProps } from '@mantine/core'
import { useKeptText } from './useKeptText'

interface Props extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  /** The entries there are while a text is typed. */
  entries(typed: string): ComboboxItem[]
  value: string | null
  onChange(value: string | null): void
  /** Said when what was typed is no entry. */
  unknown(typed: string): string
}

export function Picker({ entries, value, onChange, unknown, error, clearable, ...rest }: Props) {
  const { text, words, forget, props } = useKeptText({ entries, picked: value, take: onChange, clear: clearable ? () => onChange(null) : undefined, unknown })
  const data = entries(text ?? '')
  const pick = (next: string | null) => {
    forget()
    onChange(next)
  }
  return (
    <Select
      {...rest} {...props} data={data} value={value} onChange={pick} searchable allowDeselect={false} openOnFocus={false} clearable={clearable}
      searchValue={text ?? data.find((entry) => entry.value === value)?.label ?? ''} error={words ?? error}
    />
  )
}
