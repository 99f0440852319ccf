import { expect, it } from 'vitest'
import { fixtureCatalogue } from '../catalogue/catalogue.fixture'
import { placeCopied } from './clipboard'
import { contentOf, insertRefusal, ROOT, updateOf } from './components'
import type { Graph, GraphNode } from './graph'

const SPLIT = 'transform.split_data'
const group = ROOT
const node = (params: GraphNode['params'] = {}): GraphNode => ({ module: SPLIT, params, position: [0, 0], group })
const version = (number: number, nodes: Record<string, GraphNode>, edges: [string, string][] = []) => ({
  component: 'c', version: number, graph: { nodes, edges, groups: { [ROOT]: { title: '', position: [0, 0], promoted: { Share: { node: 'a', param: 'fraction' } } } } },
})
const first = contentOf(version(1, { a: node({ fraction: 0.5 }), b: node({ seed: 1 }) }, [['a.first', 'b.table']]), 'Halves') as Graph

function inserted(): Graph {
  const instance = placeCopied(first, ['a', 'b'], [10, 20])
  const outside: GraphNode = { module: SPLIT, params: {}, position: [0, 0] }
  return { nodes: { a: outside, b: outside, ...instance.nodes }, edges: [...instance.edges, ['a.first', 'a_2.table'], ['b_2.first', 'b.table']], groups: instance.groups }
}

it('inserts the nodes under free ids, with what each is in the component', () => {
  const graph = inserted()
  expect(graph.groups?.component).toMatchObject({ title: 'Halves', component: { id: 'c', version: 1, parts: { a_2: 'a', b_2: 'b' } }, promoted: { Share: { node: 'a_2', param: 'fraction' } } })
  expect(graph.edges).toContainEqual(['a_2.first', 'b_2.table'])
})

it('updates in place: ids and the values of the card stay, and what changes is said', () => {
  const graph = inserted()
  graph.nodes.a_2 = { ...(graph.nodes.a_2 as GraphNode), params: { fraction: 0.9 } }
  const second = contentOf(version(2, { a: node({ fraction: 0.1, seed: 7 }), c: node() }, [['a.first', 'c.table']]), 'Halves') as Graph
  const update = updateOf(graph, fixtureCatalogue, 'component', second, new Set(Object.keys({ ...graph.nodes, ...graph.groups })))
  expect(update.added.nodes.a_2?.params).toEqual({ fraction: 0.9, seed: 7 })
  expect(Object.keys(update.added.nodes)).toEqual(['a_2', 'c'])
  expect(update.added.edges).toEqual([['a_2.first', 'c.table'], ['a.first', 'a_2.table']])
  expect(update.added.groups?.component).toMatchObject({ title: 'Halves', position: [10, 20], component: { version: 2, parts: { a_2: 'a', c: 'c' } } })
  expect(update.words.map((words) => words.split(':')[0])).toEqual(['Added', 'Removed', 'Settings changed', 'Connections dropped, since their ports are gone'])
})

it('says which settings the card gets or loses, and that modules are connected differently', () => {
  const second = version(2, { a: node({ fraction: 0.5 }), b: node({ seed: 1 }) }, [['a.second', 'b.table']])
  second.graph.groups[ROOT].promoted = { Seed: { node: 'b', param: 'seed' } } as never
  const update = updateOf(inserted(), fixtureCatalogue, 'component', contentOf(second, 'Halves') as Graph, new Set(['a', 'b', 'a_2', 'b_2', 'component']))
  expect(update.words).toEqual(['New settings on the card: Seed.', 'No longer on the card: Share.', 'Modules inside are connected differently.'])
})

it('says which value of the card has no setting any more', () => {
  const update = updateOf(inserted(), fixtureCatalogue, 'component', contentOf(version(2, { b: node({ seed: 1 }) }), 'Halves') as Graph, new Set(['a', 'b', 'a_2', 'b_2', 'component']))
  expect(update.words).toContain('Values of this card that have no setting any more: Share.')
})

it('refuses a component in itself and below the deepest level', () => {
  const { groups = {} } = inserted()
  expect(insertRefusal({ groups }, 'component', first)).toBe('“Halves” cannot be put here: a component cannot be in itself.')
  const deep = Object.fromEntries(['g1', 'g2', 'g3', 'g4', 'g5'].map((id, at) => [id, { title: id, position: [0, 0] as [number, number], ...(at > 0 && { group: `g${at}` }) }]))
  expect(insertRefusal({ groups: deep }, 'g5', first)).toContain('nested 5 deep')
  expect(insertRefusal({ groups: deep }, 'g4', first)).toBeNull()
})
