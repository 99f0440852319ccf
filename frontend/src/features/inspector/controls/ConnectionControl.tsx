import type { ComboboxItem } from '@mantine/core'
import { accepted, KIND_WORDS } from '../../../core/team/connections'
import { useOfferedConnections } from '../../../state/connections'
import { Picker } from '../../../ui/Picker'
import classes from './controls.module.css'
import type { ControlProps } from './control'

/** Selects a connection of the workspace by its name. */
export function ConnectionControl({ id, param, value, onChange, readOnly }: ControlProps) {
  const { data = [], isPending } = useOfferedConnections()
  const name = typeof value === 'string' && value ? value : null
  const known = accepted(param.connects, data).map((each) => ({ value: each.name, label: each.name }))
  const missing = name !== null && !known.some((each) => each.value === name)
  const render = ({ option }: { option: ComboboxItem }) => {
    const connection = data.find((each) => each.name === option.value)
    return <span className={classes.option}><span className={classes.name}>{option.label}</span><span className={classes.end}>{connection && KIND_WORDS[connection.kind]}</span></span>
  }
  return (
    <Picker
      id={id} aria-label={param.title} entries={() => (missing ? [{ value: name, label: name }, ...known] : known)} value={name} onChange={onChange}
      unknown={(typed) => `There is no connection “${typed}”. Select one from the list, or press Escape to cancel.`} clearable={param.nullable} readOnly={readOnly}
      placeholder="Select a connection" nothingFoundMessage="No matching connection. An admin can create one on the Team page." error={missing && !isPending} renderOption={render}
    />
  )
}
