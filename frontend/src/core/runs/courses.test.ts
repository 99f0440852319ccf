import { describe, expect, it } from 'vitest'
import { coursesOf } from './courses'
import type { Figures, LogLine } from './runs'

const lines = (...figures: (Figures | undefined)[]): LogLine[] =>
  figures.map((each, seq) => ({ seq, at: '', level: 'info', line: '', ...(each && { figures: each }) }))

describe('courses of figures', () => {
  it('are drawn from zero to the highest of all, in the order of lines', () => {
    expect(coursesOf(lines({ a: 4, b: 2 }, undefined, { a: 2, b: 1 }, { a: 1 }))).toEqual([
      { name: 'a', last: 1, points: [{ x: 0, y: 1 }, { x: 0.5, y: 0.5 }, { x: 1, y: 0.25 }] },
      { name: 'b', last: 1, points: [{ x: 0, y: 0.5 }, { x: 0.5, y: 0.25 }] },
    ])
  })

  it('reach below zero where values do, and stay finite where all are zero', () => {
    expect(coursesOf(lines({ a: -1 }, { a: 1 }))[0]!.points.map(({ y }) => y)).toEqual([0, 1])
    expect(coursesOf(lines({ a: 0 }, { a: 0 }))[0]!.points.map(({ y }) => y)).toEqual([0, 0])
  })

  it('need two lines, and have as many names as there are colours', () => {
    expect(coursesOf(lines(undefined, { a: 1 }))).toEqual([])
    const many = Object.fromEntries([...'abcdefgh'].map((name) => [name, 1]))
    expect(coursesOf(lines(many, many))).toHaveLength(6)
  })
})
