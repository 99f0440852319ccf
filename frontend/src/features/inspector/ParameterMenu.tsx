/** Lets a parameter of the pipeline drive a setting: a new one, or one that suits; for a driven setting, gives it back its own value. */
import { Menu, UnstyledButton } from '@mantine/core'
import { IconVariable } from '@tabler/icons-react'
import type { Param } from '../../core/catalogue/catalogue'
import type { Json } from '../../core/base/json'
import { labelOf, typesOf } from '../../core/graph/parameters'
import { useDocument } from '../../state/document'
import { drive, promoteToParameter, release, type SettingPlace } from '../../state/parameters'
import classes from './Inspector.module.css'

interface Props {
  place: SettingPlace
  param: Param
  value: Json
}

export function ParameterMenu({ place, param, value }: Props) {
  const parameters = useDocument((state) => state.parameters)
  const driver = useDocument((state) => state.nodes[place.node]?.driven?.[place.path])
  const types = typesOf(param)
  if (types.length === 0) return null
  const suiting = Object.entries(parameters).filter(([name, { type }]) => types.includes(type) && name !== driver)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton className={classes.promote} data-quiet aria-pressed={driver !== undefined} aria-label={driver === undefined ? `Parameter for ${param.title}` : `${param.title} comes from the parameter ${labelOf(driver, parameters[driver])}`}><IconVariable size={14} stroke={1.6} /></UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {driver === undefined
          ? <Menu.Item onClick={() => promoteToParameter(place, param, value)}>Make it a parameter of the pipeline</Menu.Item>
          : <Menu.Item onClick={() => release(place)}>Give it a value of its own</Menu.Item>}
        {suiting.length > 0 && <Menu.Label>Take the value of</Menu.Label>}
        {suiting.map(([name, parameter]) => <Menu.Item key={name} onClick={() => drive(place, name)}>{labelOf(name, parameter)}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  )
}
