import { describe, expect, it } from 'vitest'
import { copyText, placeCopied, readCopied } from './clipboard'
import type { Graph } from './graph'

const graph: Graph = {
  nodes: {
    cars: { module: 'data.dataset', params: { dataset: 'cars' }, position: [10, 20] },
    split: { module: 'transform.split_data', params: {}, position: [10, 120], comment: 'halves', execution: { target: 'sandbox', retries: 2 } },
    other: { module: 'data.dataset', params: {}, position: [500, 0] },
  },
  edges: [['cars.table', 'split.table'], ['split.first', 'gone.table']],
}

describe('copy and paste', () => {
  const copied = readCopied(copyText(graph, new Set(['cars', 'split']), 'Cars'))!

  it('takes the chosen nodes and the wires between them', () => {
    expect(Object.keys(copied.nodes)).toEqual(['cars', 'split'])
    expect(copied.edges).toEqual([['cars.table', 'split.table']])
    expect(copied.nodes.split?.comment).toBe('halves')
  })

  it('renames what is taken and keeps the wires', () => {
    const placed = placeCopied(copied, ['cars', 'split', 'cars_2'], [100, 100])
    expect(Object.keys(placed.nodes)).toEqual(['cars_3', 'split_2'])
    expect(placed.edges).toEqual([['cars_3.table', 'split_2.table']])
    expect(placed.nodes.split_2?.position).toEqual([100, 200])
    expect(placed.nodes.split_2?.execution).toEqual({ target: 'sandbox', retries: 2 })
  })

  it('does not grow a tail of numbers', () => {
    const again = placeCopied({ nodes: { cars_2: graph.nodes.cars! }, edges: [] }, ['cars', 'cars_2'], [0, 0])
    expect(Object.keys(again.nodes)).toEqual(['cars_3'])
  })
})

it('copies how all of it runs with the text, for a pipeline made of it', () => {
  const text = copyText({ ...graph, execution: { target: 'sandbox' } }, new Set(['cars']), 'Cars')
  expect(JSON.parse(text)).toMatchObject({ execution: { target: 'sandbox' } })
  expect(readCopied(text)).not.toHaveProperty('execution')
  expect(JSON.parse(copyText(graph, new Set(['cars']), 'Cars'))).not.toHaveProperty('execution')
})

describe('other text', () => {
  it.each(['', 'hello', '[]', '{"nodes":{}}', '{"nodes":{"a":{}}}', 'null'])('is left alone: %s', (text) => {
    expect(readCopied(text)).toBeNull()
  })

  it('loses broken edges, not the nodes', () => {
    expect(readCopied('{"nodes":{"a":{"module":"x.y"}},"edges":[["a.b"],3,["a.o","z.i"]]}')).toEqual({
      nodes: { a: { module: 'x.y', params: {}, position: [0, 0] } }, edges: [], groups: {}, parameters: {},
    })
  })
})
