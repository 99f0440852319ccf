import { NativeSelect, TextInput } from '@mantine/core'
import type { Json, Params } from '../core/base/json'
import { labelOf, type Parameter, type Parameters } from '../core/graph/parameters'

interface Props {
  parameters: Parameters
  given: Params
  onChange: (given: Params) => void
  className?: string
}

/** The values of parameters; an empty field stands for the default. */
export function ParameterFields({ parameters, given, onChange, className }: Props) {
  const all = Object.entries(parameters)
  if (all.length === 0) return null
  const put = (name: string, text: string, parameter: Parameter) => {
    const others = Object.entries(given).filter(([other]) => other !== name)
    onChange(Object.fromEntries(text === '' ? others : [...others, [name, valueOf(text, parameter)]]))
  }
  return (
    <div className={className} role="group" aria-label="Parameters">
      {all.map(([name, parameter]) => {
        const shown = given[name] === undefined ? '' : Array.isArray(given[name]) ? given[name].join(', ') : String(given[name])
        const choices = parameter.type === 'boolean' ? ['true', 'false'] : parameter.type === 'choice' ? (parameter.choices ?? []).map(String) : null
        const label = labelOf(name, parameter)
        const standard = parameter.default === null || parameter.default === undefined ? 'no value' : JSON.stringify(parameter.default)
        return choices
          ? <NativeSelect key={name} label={label} data={[{ value: '', label: `Default (${standard})` }, ...choices]} value={shown} onChange={(event) => put(name, event.currentTarget.value, parameter)} />
          : <TextInput key={name} label={label} placeholder={`Default: ${standard}`} value={shown} onChange={(event) => put(name, event.currentTarget.value, parameter)} />
      })}
    </div>
  )
}

/** A typed text as a value of the parameter. What is none stays text, and the server says what is wrong. */
function valueOf(text: string, { type }: Parameter): Json {
  if (type === 'boolean') return text === 'true'
  if (type === 'columns') return text.split(',').map((name) => name.trim()).filter(Boolean)
  return (type === 'integer' || type === 'number') && /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text
}
