import { describe, expect, it } from 'vitest'
import { edgeWords, lineageAddress, listed, type LineageEdge, type LineageNode } from './lineage'

const node = (id: string): LineageNode => ({ id, kind: 'run', title: id, detail: '', href: `/${id}`, people: [], at: null, state: 'done', columns: {} })
const edge = (source: string, target: string): LineageEdge => ({ source, source_port: 'table', target, target_port: 'table', columns: [], basis: 'all' })
const lineage = { focus: ['c'], nodes: ['a', 'b', 'c', 'd'].map(node), edges: [edge('a', 'b'), edge('b', 'c'), edge('a', 'c'), edge('c', 'd')] }

describe('a lineage as a list', () => {
  it('has what is nearest first, each once', () => {
    expect(listed(lineage, 'back').map((one) => [one.node.id, one.distance])).toEqual([['b', 1], ['a', 1]])
    expect(listed({ ...lineage, edges: lineage.edges.filter(({ source, target }) => source !== 'a' || target !== 'c') }, 'back').map((one) => [one.node.id, one.distance])).toEqual([['b', 1], ['a', 2]])
    expect(listed(lineage, 'forward').map((one) => one.node.id)).toEqual(['d'])
  })

  it('ends where things depend on each other', () => {
    expect(listed({ ...lineage, edges: [edge('c', 'd'), edge('d', 'c')] }, 'forward').map((one) => one.node.id)).toEqual(['d'])
  })
})

it('says what passes along an edge, and how that is known', () => {
  expect(edgeWords({ ...edge('a', 'b'), columns: ['price', 'size'], basis: 'declared' })).toBe('price, size: as the module declares it.')
  expect(edgeWords(edge('a', 'b'))).toContain('may be all of them')
})

it('escapes what is in an address', () => {
  expect(lineageAddress('run:1/a.table', 'a&b')).toBe('/lineage?of=run%3A1%2Fa.table&column=a%26b')
})
