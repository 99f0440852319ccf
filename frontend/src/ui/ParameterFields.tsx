import { ActionIcon, Menu, NativeSelect, TextInput } from '@mantine/core'
import { IconClock, IconX } from '@tabler/icons-react'
import type { Json, Params } from '../core/base/json'
import { labelOf, type Parameter, type Parameters } from '../core/graph/parameters'

interface Props {
  parameters: Parameters
  given: Params
  /** Named values that are offered, and the chosen one; empty for none. */
  presets?: Readonly<Record<string, Params>>
  preset?: string
  onPreset?: (preset: string) => void
  /** Values that depend on the run, and the types of parameters that they suit. */
  builtIn?: BuiltIn[]
  onChange: (given: Params) => void
  className?: string
}

interface BuiltIn {
  value: string
  label: string
  types: string[]
}

/** The key of a value that depends on the run. */
const BUILT_IN = '$value'

/** The values of parameters; an empty field stands for the default. */
export function ParameterFields({ parameters, given, presets = {}, preset = '', onPreset, builtIn = [], onChange, className }: Props) {
  const all = Object.entries(parameters)
  if (all.length === 0) return null
  const names = Object.keys(presets).sort()
  const missing = preset !== '' && !names.includes(preset) ? [{ value: preset, label: `${preset} (it is not there any more)` }] : []
  const set = (name: string, value: Json | undefined) => {
    const others = Object.entries(given).filter(([other]) => other !== name)
    onChange(Object.fromEntries(value === undefined ? others : [...others, [name, value]]))
  }
  const put = (name: string, text: string, parameter: Parameter) => set(name, text === '' ? undefined : valueOf(text, parameter))
  return (
    <div className={className} role="group" aria-label="Parameters">
      {onPreset && names.length + missing.length > 0 && <NativeSelect label="Preset" value={preset} onChange={(event) => onPreset(event.currentTarget.value)} data={[{ value: '', label: 'None: the defaults' }, ...missing, ...names]} />}
      {all.map(([name, parameter]) => {
        const shown = given[name] === undefined ? '' : Array.isArray(given[name]) ? given[name].join(', ') : String(given[name])
        const choices = parameter.type === 'boolean' ? ['true', 'false'] : parameter.type === 'choice' ? (parameter.choices ?? []).map(String) : null
        const label = labelOf(name, parameter)
        const suiting = builtIn.filter(({ types }) => types.includes(parameter.type))
        const chosen = builtInOf(given[name])
        if (chosen !== null) {
          const clear = <ActionIcon variant="subtle" size={24} aria-label={`Give ${label} a fixed value`} title="Give a fixed value" onClick={() => set(name, undefined)}><IconX size={14} /></ActionIcon>
          return <TextInput key={name} label={label} readOnly value={builtIn.find(({ value }) => value === chosen)?.label ?? chosen} rightSection={clear} />
        }
        const [source, other] = presets[preset] && name in presets[preset] ? ['Preset', presets[preset][name]] : ['Default', parameter.default]
        const standard = `${source}: ${other === null || other === undefined ? 'no value' : JSON.stringify(other)}`
        return choices
          ? <NativeSelect key={name} label={label} data={[{ value: '', label: standard }, ...choices]} value={shown} onChange={(event) => put(name, event.currentTarget.value, parameter)} />
          : <TextInput key={name} label={label} placeholder={standard} value={shown} onChange={(event) => put(name, event.currentTarget.value, parameter)} rightSection={suiting.length > 0 && <BuiltInMenu label={label} choices={suiting} onChoose={(value) => set(name, { [BUILT_IN]: value })} />} />
      })}
    </div>
  )
}

/** Offers values that depend on the run. */
function BuiltInMenu({ label, choices, onChoose }: { label: string; choices: BuiltIn[]; onChoose: (value: string) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon variant="subtle" size={24} aria-label={`Take ${label} from the run`} title="Take it from the run"><IconClock size={14} stroke={1.6} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => <Menu.Item key={choice.value} onClick={() => onChoose(choice.value)}>{choice.label}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The built-in value that stands for a value; null for a fixed one. */
function builtInOf(value: Json | undefined): string | null {
  const name = value !== null && typeof value === 'object' && !Array.isArray(value) ? value[BUILT_IN] : null
  return typeof name === 'string' ? name : null
}

/** A typed text as a value of the parameter. What is none stays text, and the server says what is wrong. */
function valueOf(text: string, { type }: Parameter): Json {
  if (type === 'boolean') return text === 'true'
  if (type === 'columns') return text.split(',').map((name) => name.trim()).filter(Boolean)
  return (type === 'integer' || type === 'number') && /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text
}
