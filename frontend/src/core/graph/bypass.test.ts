import { expect, it } from 'vitest'
import { fixtureCatalogue } from '../catalogue/catalogue.fixture'
import type { Edge, Graph } from './graph'
import { bypassEdges } from './bypass'

const MODULES: Record<string, string> = {
  cars: 'data.dataset', split: 'transform.split_data', again: 'transform.split_data', append: 'transform.append_rows',
  line: 'regression.linear_regression', train: 'training.train_model', score: 'scoring.score_model',
}

function graph(...edges: Edge[]): Graph {
  return { nodes: Object.fromEntries(Object.entries(MODULES).map(([id, module]) => [id, { module, params: {}, position: [0, 0] }])), edges }
}

const heal = (drawn: Graph, ...gone: string[]) => bypassEdges(drawn, fixtureCatalogue, new Set(gone))

it('joins what fed the removed card to what it fed', () => {
  expect(heal(graph(['cars.table', 'split.table'], ['split.first', 'train.table']), 'split')).toEqual([['cars.table', 'train.table']])
})

it('leads through several removed cards', () => {
  expect(heal(graph(['cars.table', 'split.table'], ['split.second', 'again.table'], ['again.first', 'train.table']), 'split', 'again')).toEqual([['cars.table', 'train.table']])
})

it('joins only the same kind, and draws no wire twice', () => {
  const drawn = graph(['line.untrained', 'train.untrained'], ['cars.table', 'train.table'], ['train.model', 'score.model'])
  expect(heal(drawn, 'train')).toEqual([])
  expect(heal(graph(['cars.table', 'split.table'], ['split.first', 'append.tables'], ['split.second', 'append.tables']), 'split')).toEqual([['cars.table', 'append.tables']])
})

it('has nothing to do where nothing fed the card', () => expect(heal(graph(['split.first', 'train.table']), 'split')).toEqual([]))
