import Elk from 'elkjs/lib/elk.bundled.js'
import { expect, it } from 'vitest'
import { readCatalogue, type Palette } from '../catalogue/catalogue'
import { fixtureCatalogue as catalogue } from '../catalogue/catalogue.fixture'
import { cardHeight } from './cardShape'
import { CARD_WIDTH, type Edge, type Graph, type GraphDocument } from './graph'
import { hidingAt, tidyWith } from './layout'

const node = (module: string) => ({ module, params: {}, position: [0, 0] as [number, number] })

/** Two learners on the halves of one table, compared at the end. */
const TWO: Graph = {
  nodes: {
    cars: node('data.dataset'), split: node('transform.split_data'), one: node('regression.linear_regression'), two: node('regression.linear_regression'),
    train_one: node('training.train_model'), train_two: node('training.train_model'), score_one: node('scoring.score_model'), score_two: node('scoring.score_model'), both: node('transform.append_rows'),
  },
  edges: [
    ['cars.table', 'split.table'], ['one.untrained', 'train_one.untrained'], ['two.untrained', 'train_two.untrained'], ['split.first', 'train_one.table'], ['split.first', 'train_two.table'],
    ['train_one.model', 'score_one.model'], ['train_two.model', 'score_two.model'], ['split.second', 'score_one.table'], ['split.second', 'score_two.table'],
    ['score_one.scored', 'both.tables'], ['score_two.scored', 'both.tables'],
  ] as Edge[],
}

it('places cards below each other and apart, with no wire behind a card', async () => {
  const places = await tidyWith(new Elk(), TWO, catalogue)
  const boxes = Object.entries(TWO.nodes).map(([id, one]) => ({ id, x: places[id]![0], y: places[id]![1], height: cardHeight(one, catalogue) }))
  for (const one of boxes) {
    for (const two of boxes.filter(({ id }) => id !== one.id)) {
      const apart = Math.abs(one.x - two.x) >= CARD_WIDTH + 40 || one.y >= two.y + two.height + 40 || two.y >= one.y + one.height + 40
      expect(apart, `${one.id} and ${two.id}`).toBe(true)
    }
  }
  for (const [from, to] of TWO.edges) expect(places[to.split('.')[0]!]![1]).toBeGreaterThanOrEqual(places[from.split('.')[0]!]![1] + 84)
  expect(hidingAt(places, TWO, catalogue, TWO.edges)).toEqual([])
})

const [palette] = Object.values(import.meta.glob<Palette>('../../../../tests/pipelines/catalogue/palette.json', { eager: true, import: 'default' }))
const samples = Object.entries(import.meta.glob<GraphDocument>('../../../../designer/documents/samples/*.json', { eager: true, import: 'default' }))

it('finds the samples', () => expect(samples.length).toBeGreaterThan(10))

it.each(samples)('no wire of %s passes behind a card', (_, sample) => {
  expect(hidingAt({}, sample, readCatalogue(palette!), sample.edges)).toEqual([])
})
