/** Where the lines of parallel coordinates cross their axes. */

import { figure } from '../base/numbers'
import type { ParallelAxis, ParallelBlock } from './reports'
import type { Cell } from './tables'

export interface Placed {
  name: string
  /** The place on each axis from 0, at the bottom, to 1; null without a value. */
  at: (number | null)[]
  /** From 0 for the worst score to 1 for the best. */
  rank: number
  words: string
}

export interface Ticks {
  title: string
  ticks: { at: number; words: string }[]
}

const isNumber = (value: Cell | undefined): value is number => typeof value === 'number' && Number.isFinite(value)

/** An axis without values of its own has the range of its numbers; one that is logarithmic leaves out those that are not above 0. */
function scaleOf(axis: ParallelAxis, values: Cell[]): { place(value: Cell | undefined): number | null; ticks: Ticks['ticks'] } {
  if (axis.values) {
    const { values: names } = axis
    const at = (place: number) => (names.length > 1 ? place / (names.length - 1) : 0.5)
    return {
      place: (value) => { const found = names.indexOf(String(value)); return found < 0 ? null : at(found) },
      ticks: names.map((words, place) => ({ at: at(place), words })),
    }
  }
  const bent = (value: number) => (axis.log ? Math.log(value) : value)
  const numbers = values.filter(isNumber).filter((value) => !axis.log || value > 0)
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
  if (numbers.length === 0) return { place: () => null, ticks: [] }
  const span = bent(high) - bent(low)
  return {
    place: (value) => (!isNumber(value) || (axis.log && value <= 0) ? null : span > 0 ? (bent(value) - bent(low)) / span : 0.5),
    ticks: span > 0 ? [{ at: 0, words: figure(low, 3) }, { at: 1, words: figure(high, 3) }] : [{ at: 0.5, words: figure(low, 3) }],
  }
}

/** The lines from the worst to the best, so that the best is drawn last. */
export function placedLines({ axes, better, lines }: ParallelBlock): Placed[] {
  const scales = axes.map((axis, place) => scaleOf(axis, lines.map(({ values }) => values[place] ?? null)))
  const score = (values: Cell[]) => { const last = values.at(-1); return isNumber(last) ? (better === 'high' ? last : -last) : -Infinity }
  const ordered = [...lines].sort((one, two) => score(one.values) - score(two.values))
  return ordered.map(({ name, values }, place) => ({
    name,
    at: scales.map((scale, axis) => scale.place(values[axis])),
    rank: ordered.length > 1 ? place / (ordered.length - 1) : 1,
    words: axes.map(({ title }, axis) => `${title} ${shown(values[axis])}`).join(', '),
  }))
}

const shown = (value: Cell | undefined) => (isNumber(value) ? figure(value) : String(value ?? '–'))

export function ticksOf({ axes, lines }: ParallelBlock): Ticks[] {
  return axes.map((axis, place) => ({ title: axis.title, ticks: scaleOf(axis, lines.map(({ values }) => values[place] ?? null)).ticks }))
}

/** The path of a line in a box of that many units; it is broken where a value is missing. */
export function pathOf(at: (number | null)[], units: number): string {
  let pen = 'M'
  return at.map((place, axis) => {
    if (place === null) { pen = 'M'; return '' }
    const part = `${pen}${((axis / Math.max(at.length - 1, 1)) * units).toFixed(1)} ${((1 - place) * units).toFixed(1)}`
    pen = 'L'
    return part
  }).join('')
}
