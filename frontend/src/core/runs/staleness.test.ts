import { describe, expect, it } from 'vitest'
import type { Params } from '../base/json'
import type { Graph } from '../graph/graph'
import { signatures, staleNodes } from './staleness'

const noDefaults = () => ({})

const graph = (fraction: Params, edges: Graph['edges'] = [['cars.table', 'split.table'], ['split.first', 'train.table']]): Graph => ({
  nodes: {
    cars: { module: 'data.dataset', params: { dataset: 'cars' }, position: [0, 0] },
    split: { module: 'transform.split_data', params: fraction, position: [0, 100] },
    train: { module: 'training.train_model', params: {}, position: [0, 200] },
  },
  edges,
})

describe('staleNodes', () => {
  it('is empty when nothing but places and words changed', () => {
    const moved = graph({ fraction: 0.7 })
    moved.nodes.split = { ...moved.nodes.split!, position: [50, 50], title: 'Halves' }
    expect(staleNodes(moved, graph({ fraction: 0.7 }), noDefaults).size).toBe(0)
  })

  it('marks the changed node and everything after it', () => {
    expect([...staleNodes(graph({ fraction: 0.8 }), graph({ fraction: 0.7 }), noDefaults)]).toEqual([
      ['split', 'settings'],
      ['train', 'inputs'],
    ])
  })

  it('marks a node whose wire is gone', () => {
    const cut = graph({ fraction: 0.7 }, [['cars.table', 'split.table']])
    expect([...staleNodes(cut, graph({ fraction: 0.7 }), noDefaults).keys()]).toEqual(['train'])
  })

  it('takes an unset setting for its default', () => {
    const defaults = (module: string): Params => (module === 'transform.split_data' ? { fraction: 0.5 } : {})
    expect(staleNodes(graph({ fraction: 0.5 }), graph({}), defaults).size).toBe(0)
  })

  it('says nothing about nodes that were not in the run', () => {
    const draft = graph({})
    draft.nodes.extra = { module: 'data.dataset', params: {}, position: [0, 0] }
    expect(staleNodes(draft, graph({}), noDefaults).size).toBe(0)
  })
})

describe('signatures', () => {
  it('does not care for the order of edges or settings', () => {
    const one = graph({ a: 1, b: 2 })
    const two = graph({ b: 2, a: 1 }, [...one.edges].reverse())
    expect(signatures(one, noDefaults)).toEqual(signatures(two, noDefaults))
  })

  it('ends on a ring', () => {
    const ring = graph({}, [['split.first', 'train.table'], ['train.model', 'split.table']])
    expect(signatures(ring, noDefaults).size).toBe(3)
  })
})
