import type { ComboboxItem } from '@mantine/core'
import { counted } from '../../../core/base/numbers'
import { useOfferedDatasets } from '../../../state/datasets'
import { Picker } from '../../../ui/Picker'
import classes from './controls.module.css'
import type { ControlProps } from './control'

export function DatasetControl({ id, param, value, onChange, readOnly }: ControlProps) {
  const { data = [], isPending } = useOfferedDatasets()
  const name = typeof value === 'string' && value ? value : null
  const known = data.map((dataset) => ({ value: dataset.name, label: dataset.title || dataset.name }))
  const missing = name !== null && !isPending && !known.some((each) => each.value === name)
  const all = name !== null && !known.some((each) => each.value === name) ? [{ value: name, label: name }, ...known] : known
  const render = ({ option }: { option: ComboboxItem }) => {
    const dataset = data.find((each) => each.name === option.value)
    return <span className={classes.option}><span className={classes.name}>{option.label}</span><span className={classes.end}>{dataset && counted(dataset.rows, 'row')}</span></span>
  }
  return (
    <Picker
      id={id} aria-label={param.title} entries={() => all} value={name} onChange={onChange} unknown={(typed) => `There is no dataset “${typed}”. Select one from the list, or press Escape to cancel.`}
      clearable={param.nullable} readOnly={readOnly} placeholder="Select a dataset" nothingFoundMessage="No matching dataset. Drop a file on the canvas to upload one." error={missing} renderOption={render}
    />
  )
}
