/** Several values for the parameters of a pipeline, of which every combination is run. */
import { MultiSelect, TagsInput, TextInput } from '@mantine/core'
import type { Json } from '../../core/base/json'
import { counted } from '../../core/base/numbers'
import { labelOf, type Parameter, type Parameters } from '../../core/graph/parameters'
import { countRuns, MOST_RUNS, readNumbers } from '../../core/runs/sweeps'

/** What is typed or chosen, by parameter. */
export type Several = Readonly<Record<string, string | string[]>>

interface Props {
  parameters: Parameters
  several: Several
  onChange(several: Several): void
}

const isNumber = ({ type }: Parameter) => type === 'number' || type === 'integer'
const hasValue = (value: Json | undefined) => value !== undefined && value !== null && value !== ''

/** What the fields begin with: the value that one run would have. */
export const severalOf = (parameters: Parameters, given: Readonly<Record<string, Json>>): Several =>
  Object.fromEntries(Object.entries(parameters).filter(([, { type }]) => type !== 'columns').map(([name, parameter]) => {
    const value = given[name] ?? (parameter.required ? undefined : parameter.default)
    const text = hasValue(value) ? [String(value)] : []
    return [name, isNumber(parameter) ? text.join() : text]
  }))

/** The values of one parameter, or what is wrong with them. */
function valuesOf(parameter: Parameter, held: string | string[]): Json[] | string {
  if (typeof held === 'string') return readNumbers(held, parameter)
  if (held.length === 0) return 'Enter at least one value.'
  return parameter.type === 'boolean' ? held.map((each) => each === 'true') : held
}

/** The values of all parameters with the number of runs; null while something is wrong. */
export function sweepOf(parameters: Parameters, several: Several): { values: Record<string, Json[]>; runs: number } | null {
  const values: Record<string, Json[]> = {}
  for (const [name, held] of Object.entries(several)) {
    const parameter = parameters[name]
    const found = parameter && valuesOf(parameter, held)
    if (!found || typeof found === 'string') return null
    values[name] = found
  }
  return { values, runs: countRuns(values) }
}

export function RunSeveral({ parameters, several, onChange }: Props) {
  const sweep = sweepOf(parameters, several)
  const left = Object.entries(parameters).filter(([name]) => !(name in several)).map(([name, parameter]) => labelOf(name, parameter))
  return (
    <>
      {Object.entries(several).map(([name, held]) => {
        const parameter = parameters[name]
        if (!parameter) return null
        const label = labelOf(name, parameter)
        const found = valuesOf(parameter, held)
        const error = typeof found === 'string' ? found : undefined
        const change = (next: string | string[]) => onChange({ ...several, [name]: next })
        if (typeof held === 'string') return <TextInput key={name} label={label} description="Such as 0.5, 0.7, 0.9 or 0.5..0.9 step 0.1" value={held} error={error} onChange={(event) => change(event.currentTarget.value)} />
        const choices = parameter.type === 'boolean' ? ['true', 'false'] : parameter.type === 'choice' ? [...(parameter.choices ?? [])] : null
        return choices
          ? <MultiSelect key={name} label={label} data={choices} value={held} error={error} onChange={change} />
          : <TagsInput key={name} label={label} description="Press Enter after each value." splitChars={[]} value={held} error={error} onChange={change} />
      })}
      {left.length > 0 && <p>{left.join(', ')}: the default in every run.</p>}
      <p role="status" data-testid="sweep-count">{sweep ? countWords(sweep) : 'The number of runs is shown here.'}</p>
    </>
  )
}

function countWords({ values, runs }: { values: Record<string, Json[]>; runs: number }): string {
  const sizes = Object.values(values).map(({ length }) => length).filter((length) => length > 1)
  const product = sizes.length > 1 ? `${sizes.join(' × ')} = ` : ''
  if (runs > MOST_RUNS) return `${product}${counted(runs, 'run')}: a sweep has at most ${MOST_RUNS}. Give fewer values.`
  return `${product}${counted(runs, 'run')}. What does not differ is executed once.`
}
