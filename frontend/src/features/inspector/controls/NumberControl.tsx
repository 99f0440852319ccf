import { Group, Slider, TextInput } from '@mantine/core'
import { useState } from 'react'
import { readNumber, sliderStep } from '../../../core/settings'
import { useDraft } from '../useDraft'
import type { ControlProps } from './control'

function Range({ param, value, onChange, readOnly }: ControlProps) {
  const { min, max } = param
  if (typeof min !== 'number' || typeof max !== 'number' || max <= min) return null
  return (
    <Slider
      flex={1} size="sm" label={null} disabled={readOnly} thumbLabel={param.title} min={min} max={max} step={sliderStep(min, max, param.kind !== 'number')}
      value={typeof value === 'number' ? value : min} onChange={(next) => onChange(Number(next.toFixed(6)))}
    />
  )
}

export function NumberControl(props: ControlProps) {
  const { id, param, value, onChange, readOnly } = props
  const [words, setWords] = useState<string | null>(null)
  const draft = useDraft(value === null ? '' : String(value), (text) => {
    const read = readNumber(text, param)
    setWords(read.ok ? null : read.words)
    if (read.ok) onChange(read.value)
  })
  const ranged = typeof param.min === 'number' && typeof param.max === 'number'
  return (
    <Group gap="sm" wrap="nowrap" align="center">
      <Range {...props} />
      <TextInput
        id={id} size="xs" inputMode="decimal" readOnly={readOnly} error={words} w={ranged ? 92 : '100%'} className="figures" placeholder={param.nullable ? 'none' : undefined}
        {...draft} onBlur={() => { draft.onBlur(); setWords(null) }}
      />
    </Group>
  )
}
