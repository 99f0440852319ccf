import { expect, it } from 'vitest'
import { readCatalogue, type Palette } from '../catalogue/catalogue'
import type { Graph } from './graph'
import { groupPorts } from './groupPorts'

const [palette] = Object.values(import.meta.glob<Palette>('../../../../tests/pipelines/catalogue/palette.json', { eager: true, import: 'default' }))
const catalogue = readCatalogue(palette ?? { kinds: [], shelves: [], modules: [] })

const node = (module: string, y: number, title?: string) => ({ module, params: {}, position: [0, y] as [number, number], ...(title && { title }) })

const graph: Graph = {
  nodes: {
    cars: node('data.dataset', 0), split: node('transform.split_data', 100), learner: node('regression.linear_regression', 100),
    train: node('training.train_model', 200), score: node('scoring.score_model', 300), rest: node('scoring.score_model', 310, 'Rest'),
  },
  edges: [['cars.table', 'split.table'], ['split.first', 'train.table'], ['learner.model', 'train.untrained'], ['train.model', 'score.model'], ['split.second', 'score.table']],
}

const shown = (members: string[]) => {
  const { inputs, outputs } = groupPorts(graph, catalogue, members)
  return [inputs, outputs].map((ports) => ports.map((port) => `${port.name} ${port.title}`))
}

it('has what crosses its border, by name and kind', () => {
  const [inputs, outputs] = shown(['split', 'train', 'learner'])
  expect(inputs?.map((each) => each.split(' ')[0])).toEqual(['split.table'])
  expect(outputs?.map((each) => each.split(' ')[0])).toEqual(['split.second', 'train.model'])
})

it('has the inputs that are still needed, and all outputs of what feeds nothing', () => {
  const { inputs, outputs } = groupPorts(graph, catalogue, ['score', 'rest'])
  expect(inputs.map(({ name }) => name)).toEqual(['score.model', 'score.table', 'rest.model', 'rest.table'])
  expect(new Set(inputs.map(({ title }) => title)).size).toBe(4)
  expect(inputs[2]?.title).toMatch(/^Rest: /)
  expect(outputs.map(({ name, kind }) => [name, kind])).toEqual([['score.table', 'table'], ['rest.table', 'table']])
})
