import { expect, it } from 'vitest'
import { fixtureCatalogue } from '../catalogue/catalogue.fixture'
import { copyText, placeCopied, readCopied } from './clipboard'
import type { Graph } from './graph'
import { promotedAs, promotedFields, promotedName, readPromoted } from './promoted'

const place: [number, number] = [0, 0]
const graph: Graph = {
  nodes: {
    cars: { module: 'data.dataset', params: { dataset: 'cars' }, position: place, group: 'three' },
    split: { module: 'transform.split_data', params: { fraction: 0.7 }, position: place, group: 'three' },
  },
  edges: [['cars.table', 'split.table']],
  groups: {
    one: { title: 'One', position: place, promoted: { Share: { node: 'split', param: 'fraction' }, Table: { node: 'cars', param: 'dataset' } } },
    two: { title: 'Two', position: place, group: 'one', promoted: { Share: { node: 'split', param: 'fraction' } } },
    three: { title: 'Three', position: place, group: 'two', promoted: { Gone: { node: 'gone', param: 'fraction' }, Odd: { node: 'split', param: 'odd' } } },
  },
}

it('is a form in the order of the flow, through three levels', () => {
  expect(promotedFields(graph, fixtureCatalogue, 'one').map(({ name, node, setting }) => [name, node, setting.name, setting.title])).toEqual([
    ['Table', 'cars', 'dataset', 'Table'], ['Share', 'split', 'fraction', 'Share'],
  ])
  expect(promotedFields(graph, fixtureCatalogue, 'two').map(({ name }) => name)).toEqual(['Share'])
  expect(promotedFields(graph, fixtureCatalogue, 'three')).toEqual([])
})

it('belongs to the copy after a copy', () => {
  const copied = readCopied(copyText(graph, new Set(['one']), 'Copy'))
  expect(copied?.groups).toMatchObject({ one: { promoted: graph.groups?.one?.promoted }, two: { group: 'one' }, three: { group: 'two' } })
  const placed = placeCopied(copied ?? { nodes: {}, edges: [] }, [...Object.keys(graph.nodes), ...Object.keys(graph.groups ?? {})], [100, 50])
  expect(placed.groups?.one_2).toEqual({ title: 'One', position: [100, 50], promoted: { Share: { node: 'split_2', param: 'fraction' }, Table: { node: 'cars_2', param: 'dataset' } } })
  expect(placed.groups?.three_2?.group).toBe('two_2')
  expect(placed.nodes.split_2).toEqual({ ...graph.nodes.split, group: 'three_2' })
  expect(placed.edges).toEqual([['cars_2.table', 'split_2.table']])
})

it('leaves the sub-pipeline behind when only a module is copied', () => {
  expect(readCopied(copyText(graph, new Set(['split']), 'Copy'))).toEqual({ nodes: { split: { module: 'transform.split_data', params: { fraction: 0.7 }, position: place } }, edges: [], groups: {}, parameters: {} })
})

it('has a name of its own', () => {
  expect(promotedName({}, 'Seed', 'Split')).toBe('Seed')
  expect(promotedName({ promoted: { Seed: { node: 'a', param: 'seed' } } }, 'Seed', 'Split')).toBe('Split: Seed')
  const both = { promoted: { Seed: { node: 'a', param: 'seed' }, 'Split: Seed': { node: 'b', param: 'seed' } } }
  expect(promotedName(both, 'Seed', 'Split')).toBe('Split: Seed 2')
  expect(promotedAs(both, { node: 'b', param: 'seed' })).toBe('Split: Seed')
  expect(promotedAs(undefined, { node: 'b', param: 'seed' })).toBeUndefined()
})

it('is read leniently', () => {
  expect(readPromoted({ Share: { node: 'a', param: 'b', later: 1 }, Odd: 1, Bare: { node: 'a' } })).toEqual({ Share: { node: 'a', param: 'b' } })
  expect(readPromoted(null)).toEqual({})
})
