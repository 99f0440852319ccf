import { describe, expect, it } from 'vitest'
import { downstream, edgesTouching, edgesWithin, freshId, pipelineOf, splitEnd, upstream, type Edge } from './graph'

const chain: Edge[] = [
  ['cars.table', 'split.table'],
  ['split.first', 'train.table'],
  ['train.model', 'score.model'],
]

describe('ends and ids', () => {
  it('splits at the first dot', () => {
    expect(splitEnd('split.first')).toEqual({ node: 'split', port: 'first' })
  })

  it('numbers a name that is taken', () => {
    expect(freshId('split_data', new Set())).toBe('split_data')
    expect(freshId('split_data', new Set(['split_data', 'split_data_2']))).toBe('split_data_3')
  })

  it('makes a legal id out of anything', () => {
    expect(freshId('2 cars!', new Set())).toBe('_2_cars_')
  })
})

describe('walking', () => {
  it('finds what feeds a node and what it feeds', () => {
    expect([...upstream(chain, ['train'])].sort()).toEqual(['cars', 'split'])
    expect([...downstream(chain, ['split'])].sort()).toEqual(['score', 'train'])
  })

  it('ends on a ring', () => {
    const ring: Edge[] = [['a.x', 'b.x'], ['b.x', 'a.x']]
    expect([...upstream(ring, ['a'])].sort()).toEqual(['a', 'b'])
  })
})

describe('edges of a set of nodes', () => {
  it('keeps only edges with both ends inside', () => {
    expect(edgesWithin(chain, new Set(['split', 'train']))).toEqual([chain[1]])
  })

  it('lists every edge that touches it', () => {
    expect(edgesTouching(chain, new Set(['split']))).toEqual([chain[0], chain[1]])
  })
})

it('begins a pipeline with a dataset', () => {
  const { name, nodes } = pipelineOf({ name: 'loans', title: 'Loans' })
  expect([name, nodes.dataset?.title, nodes.dataset?.params]).toEqual(['Loans', 'Loans', { dataset: 'loans' }])
})
