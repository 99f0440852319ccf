/** The presets of the pipeline in the dialog of a run: choosing one, saving the values as one, deleting one. */
import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Params } from '../../core/base/json'
import { presetTrouble } from '../../core/graph/presets'
import { useDocument } from '../../state/document'
import { savePreset } from '../../state/parameters'

interface Props {
  preset: string
  /** The values that would be saved; null while there are several of each. */
  values: Params | null
  onChoose(preset: string): void
}

export function Presets({ preset, values, onChoose }: Props) {
  const presets = useDocument((state) => state.presets)
  const readOnly = useDocument((state) => state.readOnly)
  const [name, setName] = useState<string | null>(null)
  const names = Object.keys(presets).sort()
  const trouble = name ? presetTrouble(name.trim(), names) : null
  const save = () => {
    if (!name?.trim() || trouble || !values) return
    savePreset(name.trim(), values)
    setName(null)
    onChoose(name.trim())
  }
  return (
    <>
      {names.length > 0 && (
        <Group gap="sm" align="flex-end" wrap="nowrap">
          <NativeSelect label="Preset" style={{ flex: 1 }} value={preset} onChange={(event) => onChoose(event.currentTarget.value)} data={[{ value: '', label: 'None: the defaults' }, ...names]} />
          {preset && !readOnly && <Button variant="default" onClick={() => { savePreset(preset, undefined); onChoose('') }}>Delete preset</Button>}
        </Group>
      )}
      {!readOnly && values && (name === null
        ? <div><Button size="xs" variant="default" onClick={() => setName(preset)}>Save the values as a preset</Button></div>
        : (
          <Group gap="sm" align="flex-end" wrap="nowrap">
            <TextInput
              label="Name of the preset" style={{ flex: 1 }} maxLength={60} value={name} description={names.includes(name.trim()) ? 'Replaces the preset of this name.' : undefined} error={trouble} autoFocus
              onChange={(event) => setName(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                event.preventDefault() // it saves the preset, and starts no run
                save()
              }}
            />
            <Button variant="default" disabled={!name.trim() || trouble !== null} onClick={save}>Save preset</Button>
          </Group>
        ))}
    </>
  )
}
