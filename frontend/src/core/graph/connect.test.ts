import { describe, expect, it } from 'vitest'
import { fixtureCatalogue as catalogue } from '../catalogue/catalogue.fixture'
import { readCatalogue, type Palette } from '../catalogue/catalogue'
import { compatibleEnds, checkConnection, preferredPort } from './connect'
import type { Edge, Graph } from './graph'

const graph: Graph = {
  nodes: {
    cars: { module: 'data.dataset', params: {}, position: [0, 0] },
    split: { module: 'transform.split_data', params: {}, position: [0, 0] },
    append: { module: 'transform.append_rows', params: {}, position: [0, 0] },
    line: { module: 'regression.linear_regression', params: {}, position: [0, 0] },
    train: { module: 'training.train_model', params: {}, position: [0, 0], title: 'Fit price' },
    score: { module: 'scoring.score_model', params: {}, position: [0, 0] },
  },
  edges: [['cars.table', 'split.table'], ['split.first', 'train.table'], ['split.second', 'append.tables']],
}

const judged = (from: string, to: string, lifted?: Edge) => checkConnection(graph, catalogue, [from, to], lifted)
const reason = (from: string, to: string) => {
  const verdict = judged(from, to)
  return verdict.ok ? null : verdict.reason
}

describe('checkConnection', () => {
  it('allows equal kinds', () => {
    expect(judged('train.model', 'score.model')).toEqual({ ok: true, replaces: [] })
  })

  it('refuses another kind and names both', () => {
    expect(judged('line.untrained', 'train.table')).toEqual({
      ok: false, reason: 'wrong_kind', words: 'Fit price accepts a table here, but this is an untrained model.',
    })
  })

  it('refuses what is already there', () => expect(reason('split.first', 'train.table')).toBe('duplicate'))
  it('refuses a ring', () => expect(reason('append.table', 'split.table')).toBe('cycle'))
  it('refuses a module feeding itself', () => expect(reason('append.table', 'append.tables')).toBe('same_node'))
  it('refuses a port that is not declared', () => expect(reason('cars.nothing', 'split.table')).toBe('unknown_port'))

  it('replaces the wire of a taken single input', () => {
    expect(judged('split.second', 'train.table')).toEqual({ ok: true, replaces: [['split.first', 'train.table']] })
  })

  it('adds to an input that takes many', () => {
    expect(judged('cars.table', 'append.tables')).toEqual({ ok: true, replaces: [] })
  })

  it('forgets the wire being moved', () => {
    expect(judged('split.first', 'train.table', ['split.first', 'train.table'])).toEqual({ ok: true, replaces: [] })
  })
})

describe('compatibleEnds', () => {
  it('lights up inputs of the kind that close no ring', () => {
    expect([...compatibleEnds(graph, catalogue, 'split.second', 'output')].sort()).toEqual(['score.table', 'train.table'])
  })

  it('lights up outputs when drawn backwards', () => {
    expect([...compatibleEnds(graph, catalogue, 'score.model', 'input')]).toEqual(['train.model'])
  })
})

describe('preferredPort', () => {
  it('finds the port that takes the kind', () => {
    const train = catalogue.module('training.train_model')!
    expect(preferredPort(train, 'table', 'output')).toBe('table')
    expect(preferredPort(train, 'model', 'input')).toBe('model')
    expect(preferredPort(train, 'report', 'output')).toBeUndefined()
  })
})

const [palette] = Object.values(import.meta.glob<Palette>('../../../../tests/pipelines/catalogue/palette.json', { eager: true, import: 'default' }))

describe.runIf(palette)('the palette the server writes', () => {
  it('lists the kind of every port', () => {
    const kinds = new Set(palette!.modules.flatMap((module) => [...module.inputs, ...module.outputs].map((port) => port.kind)))
    expect([...kinds].filter((id) => !palette!.kinds.some((kind) => kind.id === id))).toEqual([])
  })

  it('lets equal kinds meet and refuses all others, for every pair of modules', () => {
    const real = readCatalogue(palette!)
    for (const giver of real.modules) {
      for (const taker of real.modules) {
        const pair: Graph = {
          nodes: { a: { module: giver.id, params: {}, position: [0, 0] }, b: { module: taker.id, params: {}, position: [0, 0] } },
          edges: [],
        }
        for (const out of giver.outputs) {
          for (const into of taker.inputs) {
            expect(checkConnection(pair, real, [`a.${out.name}`, `b.${into.name}`]).ok).toBe(out.kind === into.kind)
          }
        }
      }
    }
  })
})
