/** A setting of kind options: the settings of what another setting chooses, as fields of their own. */
import { Text } from '@mantine/core'
import { isRecord, type Json, type Params } from '../../core/base/json'
import { optionValue, paramValue, shownFields, type Param } from '../../core/catalogue/catalogue'
import type { GraphNode } from '../../core/graph/graph'
import { useCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { setParam } from '../../state/edit'
import type { SettingPlace } from '../../state/parameters'
import { controls } from './controls'
import { Driver } from './Driver'
import { FieldHead, FieldProblems, helpWords, useSpotlight } from './Field'
import classes from './Inspector.module.css'
import { useFields } from './useWiredLearner'

interface Props {
  id: string
  node: GraphNode
  param: Param
  readOnly: boolean
}

export function OptionsFields({ id, node, param, readOnly }: Props) {
  const { data: fields, isError } = useFields(useCatalogue().module(node.module), param, node.params)
  const problems = useCheck((state) => state.byNode[id])?.filter((problem) => problem.param === param.name) ?? []
  const { row, lit } = useSpotlight(id, param.name)
  const held = paramValue(param, node.params)
  const values: Params = isRecord(held) ? held : {}
  const set = (field: Param, next: Json | undefined) => {
    const others = Object.fromEntries(Object.entries(values).filter(([name]) => name !== field.name))
    const left = next === undefined ? others : { ...others, [field.name]: next }
    setParam(id, param.name, Object.keys(left).length > 0 ? left : undefined)
  }
  return (
    <div ref={row} data-lit={lit || undefined}>
      {isError && <Text fz={12} c="dimmed">The {param.title.toLowerCase()} cannot be shown.</Text>}
      {shownFields(fields ?? [], values).map((field) => <OptionField key={field.name} id={`setting-${id}-${param.name}-${field.name}`} field={field} values={values} readOnly={readOnly} onChange={(next) => set(field, next)} place={{ node: id, path: `${param.name}.${field.name}` }} driver={node.driven?.[`${param.name}.${field.name}`]} />)}
      <FieldProblems problems={problems} />
    </div>
  )
}

interface FieldProps {
  id: string
  field: Param
  values: Params
  readOnly: boolean
  onChange(next: Json | undefined): void
  place: SettingPlace
  driver: string | undefined
}

function OptionField({ id, field, values, readOnly, onChange, place, driver }: FieldProps) {
  const Control = controls[field.kind]
  const value = optionValue(field, values)
  return (
    <div className={classes.field} role="group" aria-description={helpWords(field)} data-help={helpWords(field)}>
      <FieldHead param={field} id={id} value={value} readOnly={readOnly} onReset={() => onChange(undefined)} place={place} />
      <Control id={id} node={null} param={field} value={value} onChange={onChange} columns={null} readOnly={readOnly || driver !== undefined} />
      {driver !== undefined && <Driver name={driver} />}
    </div>
  )
}
