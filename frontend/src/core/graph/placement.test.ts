import { describe, expect, it } from 'vitest'
import { fixtureCatalogue as catalogue } from '../catalogue/catalogue.fixture'
import type { Edge, Graph, Point } from './graph'
import { placeAfter } from './placement'

const MODULES: Record<string, string> = {
  cars: 'data.dataset', split: 'transform.split_data', line: 'regression.linear_regression', train: 'training.train_model', score: 'scoring.score_model',
}

function graph(places: Record<string, Point>, ...edges: Edge[]): Graph {
  return { nodes: Object.fromEntries(Object.entries(places).map(([id, position]) => [id, { module: MODULES[id] ?? '', params: {}, position }])), edges }
}

function place(drawn: Graph, id: string, after: string) {
  const module = catalogue.module(MODULES[id] ?? '')
  if (!module) throw new Error(id)
  return placeAfter(drawn, catalogue, id, module, after)
}

const CARS_SPLIT = graph({ cars: [0, 0], split: [0, 100] }, ['cars.table', 'split.table'])
const WITH_LINE = graph({ cars: [0, 0], split: [0, 100], line: [300, 100] }, ['cars.table', 'split.table'])

describe('a module added after a card', () => {
  it('lies below and is wired to its first fitting port', () => {
    expect(place(graph({ cars: [0, 0] }), 'split', 'cars')).toEqual({ position: [0, 100], edges: [['cars.table', 'split.table']] })
  })

  it('takes both inputs where that is obvious, whichever of the two is selected', () => {
    const both = [['line.untrained', 'train.untrained'], ['split.first', 'train.table']]
    expect(place(WITH_LINE, 'train', 'split').edges).toEqual(both)
    expect(place(WITH_LINE, 'train', 'line').edges).toEqual(both)
  })

  it('takes the model of the one selected and the half that is left over', () => {
    const trained = graph({ cars: [0, 0], split: [0, 100], line: [300, 100], train: [0, 200] },
      ['cars.table', 'split.table'], ['line.untrained', 'train.untrained'], ['split.first', 'train.table'])
    expect(place(trained, 'score', 'train').edges).toEqual([['train.model', 'score.model'], ['split.second', 'score.table']])
  })

  it('feeds the one place that waits for its model', () => {
    const waiting = graph({ cars: [0, 0], train: [0, 100] }, ['cars.table', 'train.table'])
    expect(place(waiting, 'line', 'train')).toEqual({ position: [-300, 0], edges: [['line.untrained', 'train.untrained']] })
  })

  it('lies beside, unwired, where nothing fits', () => {
    expect(place(CARS_SPLIT, 'line', 'split')).toEqual({ position: [300, 100], edges: [] })
  })

  it('guesses nothing where there would be a choice', () => {
    const two = graph({ cars: [0, 0], split: [300, 0], line: [600, 0] })
    expect(place(two, 'train', 'line').edges).toEqual([['line.untrained', 'train.untrained']])
  })
})
