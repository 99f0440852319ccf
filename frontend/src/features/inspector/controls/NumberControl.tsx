import { Group, Input, Slider, Stack, Text, TextInput } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import type { Json } from '../../../core/base/json'
import { readNumber, sliderScale } from '../../../core/catalogue/settings'
import type { ControlProps } from './control'
import classes from './controls.module.css'

function Range({ param, value, onChange, readOnly }: ControlProps) {
  const scale = sliderScale(param)
  if (!scale) return null
  const { min, max, step } = scale
  return (
    <Slider
      flex={1} size={4} thumbSize={16} classNames={{ thumb: classes.thumb, track: classes.track }} label={null} disabled={readOnly} thumbLabel={param.title} min={min} max={max} step={step}
      value={typeof value === 'number' ? scale.at(value) : min} thumbValueText={(at) => String(scale.value(at))} onChange={(at) => onChange(scale.value(at))}
    />
  )
}

interface Typed {
  text: string
  /** Why it is invalid. */
  words: string | null
  /** The setting's value when the invalid number was typed; once that changes, the typed text is outdated. */
  value: Json
}

/** Typed text stays as typed; an invalid number stays with its message until it is corrected, or reset by Escape. */
function useTyped({ param, value, onChange }: ControlProps) {
  const [kept, setTyped] = useState<Typed | null>(null)
  const typed = kept?.words && kept.value !== value ? null : kept
  return {
    words: typed?.words,
    input: {
      value: typed?.text ?? (value === null ? '' : String(value)),
      onChange: (event: { currentTarget: { value: string } }) => {
        const text = event.currentTarget.value
        const read = readNumber(text, param)
        setTyped({ text, words: read.ok ? null : read.words, value })
        if (read.ok) onChange(read.value)
      },
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === 'Escape') setTyped(null)
      },
      onBlur: () => setTyped(typed?.words ? typed : null),
    },
  }
}

/** The meaning of an empty setting, when it is not "none". */
const EMPTY: Record<string, string> = { threshold: 'model’s own', group_threshold: 'as predicted', version: 'newest', learning_rate: 'by rows' }

export function NumberControl(props: ControlProps) {
  const { id, param, readOnly, unit } = props
  const { words, input } = useTyped(props)
  const ranged = !unit && typeof param.min === 'number' && typeof param.max === 'number'
  return (
    <Stack gap={4}>
      <Group gap="sm" wrap="nowrap" align="center">
        {!unit && <Range {...props} />}
        <TextInput
          id={id} size="xs" inputMode="decimal" readOnly={readOnly} error={Boolean(words)} aria-describedby={words ? `${id}-wrong` : undefined} w={ranged || unit ? 80 : '100%'} className="figures" styles={ranged ? { input: { textAlign: 'right' } } : undefined} placeholder={param.nullable ? (EMPTY[param.name] ?? 'none') : undefined}
          {...input}
        />
        {unit && <Text fz={13} c="dimmed">{unit}</Text>}
      </Group>
      {words && <Input.Error id={`${id}-wrong`} size="xs">{words}</Input.Error>}
    </Stack>
  )
}
