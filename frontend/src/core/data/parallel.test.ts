import { describe, expect, it } from 'vitest'
import { pathOf, placedLines, ticksOf } from './parallel'
import type { ParallelBlock } from './reports'

const BLOCK: ParallelBlock = {
  type: 'parallel', title: 'Settings and scores', description: '', better: 'high',
  axes: [{ title: 'Rate', log: true, values: null }, { title: 'Kind', log: false, values: ['a', 'b'] }, { title: 'AUC', log: false, values: null }],
  lines: [{ name: 'trial 0', values: [100, 'a', 0.9] }, { name: 'trial 1', values: [1, 'b', 0.7] }, { name: 'trial 2', values: [null, 'c', 0.8] }, { name: 'trial 3', values: [10, 'a', 0.75] }],
}

describe('parallel coordinates', () => {
  it('draws the best last, at its place on every axis', () => {
    const lines = placedLines(BLOCK)
    expect(lines.map(({ name }) => name)).toEqual(['trial 1', 'trial 3', 'trial 2', 'trial 0'])
    expect(lines.at(-1)).toMatchObject({ rank: 1, words: 'Rate 100, Kind a, AUC 0.9' })
    expect(lines.at(-1)?.at).toEqual([1, 0, 1])
    expect(lines[1]?.at[0]).toBeCloseTo(0.5)
  })

  it('has no place for a missing value, and breaks the line there', () => {
    const broken = placedLines(BLOCK).find(({ name }) => name === 'trial 2')
    expect(broken?.at.slice(0, 2)).toEqual([null, null])
    expect(pathOf([0, null, 1, 0.5], 300)).toBe('M0.0 300.0M200.0 0.0L300.0 150.0')
  })

  it('follows lower scores where they are better', () => {
    expect(placedLines({ ...BLOCK, better: 'low' }).at(-1)?.name).toBe('trial 1')
  })

  it('names the ends of numbers and every value of a choice', () => {
    expect(ticksOf(BLOCK).map(({ ticks }) => ticks.map(({ words }) => words))).toEqual([['1', '100'], ['a', 'b'], ['0.7', '0.9']])
    const flat = { ...BLOCK, lines: BLOCK.lines.slice(0, 1) }
    expect(ticksOf(flat)[2]?.ticks).toEqual([{ at: 0.5, words: '0.9' }])
  })
})
