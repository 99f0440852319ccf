/** The parameters of the pipeline: their values, and, opened, what they are. */
import { Button, Menu, Text } from '@mantine/core'
import { useState } from 'react'
import { counted } from '../../core/base/numbers'
import { drivenBy, newParameter, PARAMETER_TYPES, parameterField, type Parameter } from '../../core/graph/parameters'
import { useDocument } from '../../state/document'
import { addParameter, changeParameter } from '../../state/parameters'
import { controls } from './controls'
import { useSpotlight } from './Field'
import classes from './Inspector.module.css'
import { ParameterDetails } from './ParameterDetails'
import { Part } from './Part'
import { PARAMETERS } from './showParameter'

interface Props {
  name: string
  parameter: Parameter
  readOnly: boolean
}

function OneParameter({ name, parameter, readOnly, ...opening }: Props & { opened: boolean; onOpen(name: string | null): void }) {
  const { row, lit } = useSpotlight(PARAMETERS, name)
  const drives = useDocument((state) => drivenBy(state.nodes, name).length)
  const field = parameterField(name, parameter)
  const Control = controls[field.kind]
  const id = `parameter-${name}`
  return (
    <div ref={row} className={classes.field} role="group" aria-label={`Parameter ${field.title}`} data-lit={lit || undefined}>
      <div className={classes.fieldHead}>
        <label htmlFor={id}>{field.title}{field.required && <span role="img" aria-label="asked for at each run"> *</span>}</label>
        <span className={classes.end}>{drives === 0 ? 'drives nothing' : `drives ${counted(drives, 'setting')}`}</span>
      </div>
      <Control id={id} node={null} param={field} value={parameter.default} onChange={(value) => value !== undefined && changeParameter(name, { default: value })} columns={null} readOnly={readOnly} />
      <ParameterDetails name={name} parameter={parameter} readOnly={readOnly} {...opening} />
    </div>
  )
}

function Add() {
  return (
    <Menu position="bottom-start">
      <Menu.Target><Button size="xs" variant="default" mt={8}>Add a parameter</Button></Menu.Target>
      <Menu.Dropdown>
        {PARAMETER_TYPES.map((type) => <Menu.Item key={type} onClick={() => addParameter(type, newParameter(type))}>{type[0]?.toUpperCase()}{type.slice(1)}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  )
}

export function Parameters() {
  const parameters = useDocument((state) => state.parameters)
  const readOnly = useDocument((state) => state.readOnly)
  const [opened, setOpened] = useState<string | null>(null)
  const names = Object.keys(parameters).sort()
  if (names.length === 0 && readOnly) return null
  return (
    <Part title="Parameters" end={names.length > 0 && names.length}>
      {names.length === 0 && <Text fz={12} c="dimmed">Named values that drive settings, and that a run can be given. Press <em>(x)</em> beside a setting to make it one.</Text>}
      {names.map((name) => <OneParameter key={name} name={name} parameter={parameters[name] as Parameter} readOnly={readOnly} opened={opened === name} onOpen={setOpened} />)}
      {!readOnly && <div><Add /></div>}
    </Part>
  )
}
