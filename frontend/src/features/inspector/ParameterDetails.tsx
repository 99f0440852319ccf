/** What a parameter is: its name, words, bounds and choices, and its end. */
import { Button, Checkbox, Group, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Parameter } from '../../core/graph/parameters'
import { changeParameter, removeParameter, renameParameter } from '../../state/parameters'
import classes from './Inspector.module.css'
import { leaveOnEnter } from './NodeHead'

interface Props {
  name: string
  parameter: Parameter
  readOnly: boolean
}

interface Opened {
  opened: boolean
  /** Opens that of a name; null closes it. A renamed one stays open. */
  onOpen(name: string | null): void
}

const numberOf = (text: string) => {
  const value = Number(text.trim().replace(',', '.'))
  return text.trim() === '' || !Number.isFinite(value) ? undefined : value
}

const Bound = ({ name, parameter, readOnly, bound }: Props & { bound: 'min' | 'max' }) => (
  <TextInput
    size="xs" flex={1} label={bound === 'min' ? 'At least' : 'At most'} inputMode="decimal" readOnly={readOnly} placeholder="no limit" key={parameter[bound]} defaultValue={parameter[bound] ?? ''}
    onBlur={({ currentTarget }) => changeParameter(name, { [bound]: numberOf(currentTarget.value) })} onKeyDown={leaveOnEnter}
  />
)

export function ParameterDetails({ opened, onOpen, ...props }: Props & Opened) {
  const { name, parameter, readOnly } = props
  const [refusal, setRefusal] = useState<string | null>(null)
  const rename = (to: string) => {
    const trouble = renameParameter(name, to)
    setRefusal(trouble)
    if (!trouble && to !== name) onOpen(to)
  }
  const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean)
  return (
    <details className={classes.parameterDetails} open={opened} onToggle={({ currentTarget }) => currentTarget.open !== opened && onOpen(currentTarget.open ? name : null)}>
      <summary className={classes.link}>{name}, {parameter.type}</summary>
      <div className={classes.parameterFields}>
      <TextInput size="xs" label="Name" description="Programs and runs use it." readOnly={readOnly} error={refusal} key={name} defaultValue={name} onBlur={({ currentTarget }) => rename(currentTarget.value.trim())} onKeyDown={leaveOnEnter} />
      <TextInput size="xs" label="Label" readOnly={readOnly} key={`label ${parameter.label ?? ''}`} defaultValue={parameter.label ?? ''} onBlur={({ currentTarget }) => changeParameter(name, { label: currentTarget.value.trim() || undefined })} onKeyDown={leaveOnEnter} />
      <Textarea size="xs" label="Help" autosize minRows={1} maxRows={4} readOnly={readOnly} key={`help ${parameter.help ?? ''}`} defaultValue={parameter.help ?? ''} onBlur={({ currentTarget }) => changeParameter(name, { help: currentTarget.value.trim() || undefined })} />
      {(parameter.type === 'number' || parameter.type === 'integer') && <Group gap="xs" grow><Bound {...props} bound="min" /><Bound {...props} bound="max" /></Group>}
      {parameter.type === 'choice' && (
        <Textarea
          size="xs" label="Choices" description="One per line." autosize minRows={2} maxRows={8} readOnly={readOnly} key={(parameter.choices ?? []).join('\n')} defaultValue={(parameter.choices ?? []).join('\n')}
          onBlur={({ currentTarget }) => {
            const choices = lines(currentTarget.value)
            if (choices.length > 0) changeParameter(name, { choices, default: choices.includes(String(parameter.default)) ? parameter.default : (choices[0] ?? '') })
          }}
        />
      )}
      <Checkbox size="xs" label="Must be given for each run" checked={parameter.required ?? false} disabled={readOnly} onChange={({ currentTarget }) => changeParameter(name, { required: currentTarget.checked || undefined })} />
      {!readOnly && <div><Button size="xs" variant="default" onClick={() => removeParameter(name)}>Remove the parameter</Button></div>}
      </div>
    </details>
  )
}
