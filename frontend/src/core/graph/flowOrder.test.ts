import { describe, expect, it } from 'vitest'
import type { Edge, Graph, Point } from './graph'
import { flowOrder, neighbour } from './flowOrder'

function graph(places: Record<string, Point>, ...edges: Edge[]): Graph {
  return { nodes: Object.fromEntries(Object.entries(places).map(([id, position]) => [id, { module: 'm', params: {}, position }])), edges }
}

describe('the reading order of cards', () => {
  it('follows the flow, whatever the ids and the places are', () => {
    expect(flowOrder(graph({ a_clean: [0, 0], dataset: [0, 100], split: [0, 50] }, ['dataset.t', 'a_clean.t'], ['a_clean.t', 'split.t']))).toEqual(['dataset', 'a_clean', 'split'])
  })

  it('takes the topmost, then the leftmost of those that are free', () => {
    expect(flowOrder(graph({ low: [0, 200], right: [300, 0], left: [0, 0], after: [0, 50] }, ['low.t', 'after.t']))).toEqual(['left', 'right', 'low', 'after'])
  })

  it('keeps what lies on a loop, at the end', () => {
    expect(flowOrder(graph({ a: [0, 0], b: [0, 10], c: [0, 20] }, ['a.t', 'b.t'], ['b.t', 'a.t']))).toEqual(['c', 'a', 'b'])
  })
})

describe('the card to go on from after a delete', () => {
  const chain = graph({ a: [0, 0], b: [0, 100], c: [0, 200] }, ['a.t', 'b.t'], ['b.t', 'c.t'])
  it('is what fed it', () => expect(neighbour(chain, new Set(['b']))).toBe('a'))
  it('else the next one', () => expect(neighbour(chain, new Set(['a', 'b']))).toBe('c'))
  it('is none when nothing is left', () => expect(neighbour(chain, new Set(['a', 'b', 'c']))).toBeNull())
})
