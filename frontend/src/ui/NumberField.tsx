import { NumberInput, type NumberInputProps } from '@mantine/core'
import { boundsWords } from '../core/catalogue/settings'

const bound = (at: number | bigint | undefined) => (typeof at === 'number' ? at : null)

/** A number as it was typed: one outside of its bounds is not moved into them, but said to be wrong. */
export function NumberField({ min, max, value, error, ...props }: NumberInputProps) {
  const outside = typeof value === 'number' && ((typeof min === 'number' && value < min) || (typeof max === 'number' && value > max))
  const words = outside ? `Must be ${boundsWords({ min: bound(min), max: bound(max) })}.` : error
  return <NumberInput {...props} min={min} max={max} value={value} error={words} clampBehavior="none" />
}
