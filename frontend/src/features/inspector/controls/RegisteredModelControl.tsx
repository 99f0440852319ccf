import { Autocomplete, type ComboboxItem } from '@mantine/core'
import { useState } from 'react'
import { STAGE_WORDS } from '../../../core/data/models'
import { useDocument } from '../../../state/document'
import { useOfferedModels } from '../../../state/models'
import { Picker } from '../../../ui/Picker'
import classes from './controls.module.css'
import type { ControlProps } from './control'

/** Selects a model of the registry by its name. */
export function RegisteredModelControl({ id, param, value, onChange, readOnly }: ControlProps) {
  const { data = [], isPending } = useOfferedModels()
  const name = typeof value === 'string' && value ? value : null
  const known = data.map((model) => ({ value: model.name, label: model.name }))
  const former = data.some((model) => name !== null && model.former_names.includes(name))
  const absent = name !== null && !known.some((each) => each.value === name)
  const render = ({ option }: { option: ComboboxItem }) => {
    const newest = data.find((model) => model.name === option.value)?.versions[0]
    return <span className={classes.option}><span className={classes.name}>{option.label}</span><span className={classes.end}>{newest && `version ${newest.number}`}</span></span>
  }
  return (
    <Picker
      id={id} aria-label={param.title} entries={() => (absent ? [{ value: name, label: name }, ...known] : known)} value={name} onChange={onChange}
      unknown={(typed) => `There is no registered model “${typed}”. Select one from the list, or press Escape to cancel.`} clearable={param.nullable} readOnly={readOnly}
      placeholder="Select a registered model" nothingFoundMessage="No registered model. Register one from the results of a run." error={absent && !former && !isPending} renderOption={render}
    />
  )
}

/** A version by its number or an alias: those of the model that the card names are offered. */
export function ModelVersionControl({ id, node, param, value, onChange, readOnly }: ControlProps) {
  const { data = [] } = useOfferedModels()
  const name = useDocument((state) => (node ? state.nodes[node]?.params.model : undefined))
  const model = data.find((each) => each.name === name || (typeof name === 'string' && each.former_names.includes(name)))
  const held = typeof value === 'string' ? value : ''
  const [typed, setTyped] = useState<string | null>(null)
  const send = (next: string) => {
    setTyped(null)
    if (next.trim() !== held) onChange(next.trim() || undefined)
  }
  const offered = [...Object.keys(model?.aliases ?? {}), ...(model?.versions ?? []).map(({ number }) => String(number))]
  const render = ({ option }: { option: { value: string } }) => {
    const version = model?.versions.find(({ number }) => number === (model.aliases[option.value] ?? Number(option.value)))
    return (
      <span className={classes.option}>
        <span className={classes.name}>{option.value}</span>
        <span className={classes.end}>{version && (option.value in (model?.aliases ?? {}) ? `version ${version.number}` : STAGE_WORDS[version.stage].toLowerCase())}</span>
      </span>
    )
  }
  return (
    <Autocomplete
      id={id} aria-label={param.title} size="xs" data={offered} value={typed ?? held} readOnly={readOnly} placeholder="The latest" renderOption={render}
      onChange={setTyped} onOptionSubmit={send} onBlur={() => typed !== null && send(typed)}
      onKeyDown={(event) => event.key === 'Enter' && typed !== null && send(typed)}
    />
  )
}
