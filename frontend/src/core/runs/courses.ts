/** Figures of log lines as curves, such as the loss of each epoch of a training. */

import type { LogLine } from './runs'

export interface Course {
  name: string
  last: number
  /** Points from 0 to 1: from the first to the last line with figures, and from 0, or the lowest value below it, to the highest of all courses. */
  points: { x: number; y: number }[]
}

/** At most this many, as there are colours. */
const MOST = 6

/** The courses of figures that at least two lines have. */
export function coursesOf(lines: readonly LogLine[]): Course[] {
  const told = lines.flatMap(({ figures }) => (figures ? [figures] : []))
  if (told.length < 2) return []
  const names = [...new Set(told.flatMap((figures) => Object.keys(figures)))].slice(0, MOST)
  const values = told.flatMap((figures) => names.flatMap((name) => figures[name] ?? []))
  const low = Math.min(0, ...values)
  const span = Math.max(...values) - low || 1
  return names.map((name) => {
    const known = told.flatMap((figures, at) => (figures[name] === undefined ? [] : [{ at, value: figures[name] }]))
    return { name, last: known.at(-1)!.value, points: known.map(({ at, value }) => ({ x: at / (told.length - 1), y: (value - low) / span })) }
  })
}
