import { SegmentedControl, Select, Switch } from '@mantine/core'
import { grouped } from '../../../core/base/grouped'
import { Picker } from '../../../ui/Picker'
import type { ControlProps } from './control'
import classes from './controls.module.css'

export function SwitchControl({ id, value, onChange, readOnly, param }: ControlProps) {
  return <Switch id={id} size="xs" withThumbIndicator={false} classNames={{ body: classes.switch, input: classes.switchInput, track: classes.switchTrack }} checked={value === true} disabled={readOnly} onChange={(event) => onChange(event.currentTarget.checked)} label={value === true ? 'On' : 'Off'} aria-label={param.title} />
}

const FEW = 3
const SHORT = 26
const MANY = 8

/** Few short choices are shown side by side; others in a select. */
export function ChoiceControl({ id, param, value, onChange, readOnly }: ControlProps) {
  const choices = param.choices ?? []
  const data = choices.map((choice, at) => ({ value: `${at}`, label: choice.title, group: choice.group }))
  const at = choices.findIndex((choice) => choice.value === value)
  const pick = (picked: string | null) => onChange(picked === null ? null : (choices[Number(picked)]?.value ?? null))
  const letters = choices.reduce((sum, choice) => sum + choice.title.length, 0)
  if (choices.length <= FEW && letters <= SHORT && at >= 0 && !param.nullable) {
    return <SegmentedControl id={id} size="xs" fullWidth classNames={{ root: classes.segments, label: classes.segment, indicator: classes.chosen }} data={data} value={`${at}`} onChange={pick} readOnly={readOnly} aria-label={param.title} />
  }
  if (choices.length > MANY) return <Picker id={id} aria-label={param.title} entries={() => data} value={at < 0 ? null : `${at}`} onChange={pick} unknown={(typed) => `“${typed}” is not an option. Select one from the list, or press Escape to cancel.`} readOnly={readOnly} clearable={param.nullable} placeholder={param.nullable ? 'none' : 'Select one'} />
  return <Select id={id} aria-label={param.title} data={grouped(data)} value={at < 0 ? null : `${at}`} onChange={pick} readOnly={readOnly} allowDeselect={param.nullable} clearable={param.nullable} placeholder={param.nullable ? 'none' : 'Select one'} />
}
