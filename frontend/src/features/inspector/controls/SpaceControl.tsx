/** Which settings of the connected learner a search varies, and over which values. */
import { Checkbox, Group, Select, Text, TextInput, Tooltip } from '@mantine/core'
import { SHAPE_WORDS, SHAPES, ENDS, offeredFor, readTried, reshaped, triedOf, withTried, writeTried, type Shape, type Tried } from '../../../core/catalogue/spaces'
import type { Param } from '../../../core/catalogue/catalogue'
import { useWiredLearner } from '../useWiredLearner'
import type { ControlProps } from './control'
import classes from './controls.module.css'

const DATA = SHAPES.map((shape) => ({ value: shape, label: SHAPE_WORDS[shape] }))

export function SpaceControl({ id, node, param, value, onChange, readOnly }: ControlProps) {
  const { title, params } = useWiredLearner(node)
  if (!title) return <Text id={id} fz={12} c="dimmed">Connect an untrained model to choose which of its settings are searched.</Text>
  if (params.length === 0) return <Text id={id} fz={12} c="dimmed">{title} has no settings to search.</Text>
  return (
    <div id={id} className={classes.space} role="group" aria-label={param.title}>
      {params.map((each) => <Searched key={each.name} param={each} text={triedOf(each, value)} readOnly={readOnly} onChange={(text) => onChange(withTried(value, each, text))} />)}
    </div>
  )
}

interface SearchedProps {
  param: Param
  text: string | null
  readOnly: boolean
  onChange(text: string | null): void
}

/** One setting: whether it is searched, and its values. */
function Searched({ param, text, readOnly, onChange }: SearchedProps) {
  return (
    <div className={classes.searched}>
      <Tooltip label={param.help} disabled={!param.help} position="left">
        <Checkbox size="xs" label={param.title} checked={text !== null} disabled={readOnly} onChange={(event) => onChange(event.currentTarget.checked ? offeredFor(param) : null)} />
      </Tooltip>
      {text !== null && (param.kind === 'choice' || param.kind === 'switch'
        ? <Options param={param} text={text} readOnly={readOnly} onChange={onChange} />
        : <Numbers param={param} text={text} readOnly={readOnly} onChange={onChange} />)}
    </div>
  )
}

type TriedProps = SearchedProps & { text: string }

const ONOFF = [{ value: 'true', title: 'On' }, { value: 'false', title: 'Off' }]

/** Some of the values of a choice. */
function Options({ param, text, readOnly, onChange }: TriedProps) {
  const chosen = text.split(';').map((part) => part.trim())
  const choices = param.kind === 'switch' ? ONOFF : (param.choices ?? [])
  const toggle = (option: string, on: boolean) => {
    const next = choices.map((choice) => choice.value).filter((each) => (each === option ? on : chosen.includes(each)))
    onChange(next.length > 0 ? next.join('; ') : null)
  }
  return (
    <Group gap={12} className={classes.values}>
      {choices.map((choice) => <Checkbox key={choice.value} size="xs" label={choice.title} checked={chosen.includes(choice.value)} disabled={readOnly} onChange={(event) => toggle(choice.value, event.currentTarget.checked)} />)}
    </Group>
  )
}

/** A range of numbers, or values. */
function Numbers({ param, text, readOnly, onChange }: TriedProps) {
  const tried = readTried(text)
  const set = (changed: Partial<Tried>) => onChange(writeTried({ ...tried, ...changed }))
  const input = (label: string, value: string, write: (text: string) => void, placeholder = label) => (
    <TextInput key={label} size="xs" className="figures" aria-label={`${param.title}: ${label}`} placeholder={placeholder} readOnly={readOnly} value={value} onChange={(event) => write(event.currentTarget.value)} />
  )
  const shapes = param.kind === 'text' ? null : (
    <Select size="xs" aria-label={`${param.title}: distribution`} data={DATA} value={tried.shape} readOnly={readOnly} allowDeselect={false} onChange={(shape) => onChange(writeTried(reshaped(tried, shape as Shape)))} />
  )
  if (tried.shape === 'values') return <div className={classes.values} data-shape="values">{shapes}{input('Values', tried.values, (values) => set({ values }), '1; 2; 4')}</div>
  const [one, two] = ENDS[tried.shape]
  return (
    <div className={classes.values} data-shape="range">
      {shapes}
      {input(one, tried.ends[0], (end) => set({ ends: [end, tried.ends[1]] }))}
      {input(two, tried.ends[1], (end) => set({ ends: [tried.ends[0], end] }))}
      {input('Step', tried.step, (step) => set({ step }), 'any')}
    </div>
  )
}
