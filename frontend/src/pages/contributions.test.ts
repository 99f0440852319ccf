import { describe, expect, it } from 'vitest'
import type { Palette } from '../core/catalogue/catalogue'
import { contributed, SECTIONS } from '../state/contributions'
import './contributions'

const [palette] = Object.values(import.meta.glob<Palette>('../../../tests/pipelines/catalogue/palette.json', { eager: true, import: 'default' }))

const repeated = <Value>(all: Value[]) => all.filter((one, at) => all.indexOf(one) !== at)

describe('what features contribute to the canvas', () => {
  it('has one command for an id and one for a key', () => {
    expect(repeated(contributed.commands.map(({ id }) => id))).toEqual([])
    expect(repeated(contributed.commands.filter(({ gesture }) => !gesture).flatMap(({ keys }) => keys))).toEqual([])
  })

  it('has the commands in the order of their sections', () => {
    expect([...new Set(contributed.commands.map(({ section }) => section))]).toEqual(SECTIONS)
  })

  it('has one tab for an id and for a position, results first', () => {
    expect(repeated(contributed.tabs.map(({ id }) => id))).toEqual([])
    expect(repeated(contributed.tabs.map(({ order }) => order))).toEqual([])
    expect(contributed.tabs[0]?.id).toBe('results')
  })

  it('has views of kinds that there are', () => {
    expect(Object.keys(contributed.results)).toContain('table')
    expect(Object.keys(contributed.results).filter((id) => !palette?.kinds.some((kind) => kind.id === id))).toEqual([])
  })
})
