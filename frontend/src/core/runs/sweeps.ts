/** Sweeps: a pipeline run with several values of its parameters, and what came out side by side. */
import type { Json } from '../base/json'
import type { Schemas } from '../base/schemas'
import type { Parameter } from '../graph/parameters'

export type Sweep = Schemas['Sweep']
export type SweepBrief = Schemas['SweepBrief']
export type SweepRun = Schemas['SweepRun']
export type SweepFigure = Schemas['SweepFigure']

export const MOST_RUNS = 200

/** Reads numbers such as “0.5, 0.7, 0.9”, or a range such as “1..5” or “0.5..0.9 step 0.1”; returns what is wrong where it cannot. */
export function readNumbers(text: string, parameter: Pick<Parameter, 'type' | 'min' | 'max'>): number[] | string {
  const found: number[] = []
  for (const part of text.split(',').map((each) => each.trim()).filter((each) => each !== '')) {
    const range = /^(\S+?)\s*\.\.\s*(\S+?)(?:\s+step\s+(\S+))?$/.exec(part)
    const numbers = range ? rangeOf(Number(range[1]), Number(range[2]), range[3] === undefined ? 1 : Number(range[3])) : [Number(part)]
    if (typeof numbers === 'string') return numbers
    found.push(...numbers)
  }
  const { min, max } = parameter
  for (const value of found) {
    if (!Number.isFinite(value)) return 'Enter numbers such as 0.5, 0.7, 0.9, or a range such as 0.5..0.9 step 0.1.'
    if (parameter.type === 'integer' && !Number.isInteger(value)) return `${value} is not a whole number.`
    if (typeof min === 'number' && value < min) return `${value} is less than ${min}, the least.`
    if (typeof max === 'number' && value > max) return `${value} is more than ${max}, the most.`
  }
  if (new Set(found).size < found.length) return 'A value is given twice.'
  return found.length > 0 ? found : 'Enter at least one value.'
}

function rangeOf(from: number, to: number, step: number): number[] | string {
  if (![from, to, step].every(Number.isFinite) || step <= 0 || to < from) return 'A range goes from the smaller to the larger number, with a step above 0.'
  // Steps are counted, so that 0.5..0.9 step 0.1 ends with 0.9 and not before it.
  const count = Math.floor((to - from) / step + 1e-9) + 1
  if (count > MOST_RUNS) return `This range has ${count} values; a sweep has at most ${MOST_RUNS} runs.`
  return Array.from({ length: count }, (_, at) => Number((from + at * step).toPrecision(12)))
}

/** The values of each parameter that a sweep is to try, and the number of its runs. */
export const countRuns = (values: Readonly<Record<string, readonly Json[]>>) => Object.values(values).reduce((product, { length }) => product * length, 1)

/** How many of its runs are over. */
export const isOver = ({ runs, finished }: Pick<SweepBrief, 'runs' | 'finished'>) => finished === runs

export const shownValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** The column that a table is sorted by: the order asked for, a parameter, or a figure. */
export interface Order {
  of: { parameter: string } | { figure: string } | null
  descending: boolean
}

/** Runs in an order; those without the figure come last either way. */
export function sorted(runs: readonly SweepRun[], { of, descending }: Order): SweepRun[] {
  if (of === null) return descending ? runs.toReversed() : [...runs]
  const value = (run: SweepRun) => ('figure' in of ? run.figures[of.figure] : run.values[of.parameter])
  const sign = descending ? -1 : 1
  return runs.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
    return sign * String(a).localeCompare(String(b), undefined, { numeric: true })
  })
}

/** The run with the best value of a figure; null where none is better than another. */
export function bestBy(runs: readonly SweepRun[], { title, better }: SweepFigure): string | null {
  const having = runs.filter((run) => title in run.figures)
  if (better === null || new Set(having.map((run) => run.figures[title])).size < 2) return null
  return sorted(having, { of: { figure: title }, descending: better === 'high' })[0]?.run ?? null
}

/** A figure by the values of the first parameter, a line for each combination of the others. Null with fewer than two values. */
export function sweepChart(runs: readonly SweepRun[], parameters: readonly string[], { title }: SweepFigure) {
  const [first = '', ...others] = parameters
  const values = runs.flatMap((run) => {
    const value = run.figures[title]
    const x = run.values[first]
    const group = others.map((name) => `${name} = ${shownValue(run.values[name])}`).join(', ')
    return value === undefined ? [] : [{ x: typeof x === 'number' ? x : shownValue(x), value, group }]
  })
  if (values.length < 2) return null
  const numeric = values.every(({ x }) => typeof x === 'number')
  const x = { field: 'x', type: numeric ? 'quantitative' : 'nominal', title: first, ...(numeric ? { scale: { zero: false } } : { sort: null, axis: { labelAngle: 0, labelLimit: 140 } }) }
  const y = { field: 'value', type: 'quantitative', title, scale: { zero: false }, axis: { tickCount: 4 } }
  const color = others.length > 0 ? { color: { field: 'group', type: 'nominal', title: others.join(', ') } } : {}
  const mark = numeric ? { type: 'line', strokeWidth: 1.5, point: { size: 40, opacity: 1 } } : { type: 'point', size: 60, opacity: 1, filled: true }
  return { title: `${title} by ${first}`, description: `${title} of ${values.length} runs by ${parameters.join(' and ')}.`, spec: { data: { values }, mark, encoding: { x, y, ...color } } }
}
