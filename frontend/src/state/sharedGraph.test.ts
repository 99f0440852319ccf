import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { GraphNode } from '../core/graph/graph'
import { addGraph, connect, disconnect, moveNodes, putInto, readAfter, readEdges, readExecutionOfAll, readGroups, readName, readNodes, removeGroups, removeNodes, setExecution, setName, setParam, setPromoted, setWords, undoManager, watchGraph } from './sharedGraph'

const node = (module: string): GraphNode => ({ module, params: {}, position: [0, 0] })

function started() {
  const doc = new Y.Doc()
  addGraph(doc, {
    nodes: { cars: node('data.dataset'), split: node('transform.split_data'), train: node('training.train_model') },
    edges: [['cars.table', 'split.table'], ['split.first', 'train.table']],
  })
  return { doc, undo: undoManager(doc) }
}

/** Two copies of one document that exchange updates. */
function pair() {
  const { doc } = started()
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  doc.on('update', (update: Uint8Array) => Y.applyUpdate(other, update, 'far'))
  other.on('update', (update: Uint8Array, origin: unknown) => origin !== 'far' && Y.applyUpdate(doc, update, 'far'))
  return { doc, other, undo: undoManager(doc) }
}

describe('changes', () => {
  it('removes a node with its wires, and undo brings both back', () => {
    const { doc, undo } = started()
    removeNodes(doc, new Set(['split']))
    expect(Object.keys(readNodes(doc))).toEqual(['cars', 'train'])
    expect(readEdges(doc)).toEqual([])
    undo.undo()
    expect(readEdges(doc)).toHaveLength(2)
    expect(readNodes(doc).split).toEqual(node('transform.split_data'))
  })

  it('replaces a wire in one step', () => {
    const { doc, undo } = started()
    connect(doc, ['split.second', 'train.table'], [['split.first', 'train.table']])
    expect(readEdges(doc)).toEqual([['cars.table', 'split.table'], ['split.second', 'train.table']])
    undo.undo()
    expect(readEdges(doc)).toContainEqual(['split.first', 'train.table'])
    expect(readEdges(doc)).not.toContainEqual(['split.second', 'train.table'])
  })

  it('takes a setting away so that its default holds', () => {
    const { doc } = started()
    setParam(doc, 'split', 'fraction', 0.7)
    expect(readNodes(doc).split?.params).toEqual({ fraction: 0.7 })
    setParam(doc, 'split', 'fraction', undefined)
    expect(readNodes(doc).split?.params).toEqual({})
  })

  it('keeps words, and forgets empty ones', () => {
    const { doc } = started()
    setWords(doc, 'cars', 'title', 'Cars')
    setWords(doc, 'split', 'comment', 'halves')
    setWords(doc, 'split', 'comment', '')
    expect(readNodes(doc).cars?.title).toBe('Cars')
    expect(readNodes(doc).split).not.toHaveProperty('comment')
  })

  it('keeps how a node is carried out through every other edit, and undo', () => {
    const { doc, undo } = started()
    setExecution(doc, 'split', 'target', 'sandbox')
    undo.stopCapturing()
    setExecution(doc, 'split', 'retries', 3)
    undo.stopCapturing()
    setParam(doc, 'split', 'fraction', 0.7)
    setWords(doc, 'split', 'title', 'Halves')
    moveNodes(doc, { split: [5, 5] })
    expect(readNodes(doc).split?.execution).toEqual({ target: 'sandbox', retries: 3 })
    undo.undo()
    undo.undo()
    expect(readNodes(doc).split?.execution).toEqual({ target: 'sandbox' })
    setExecution(doc, 'split', 'target', undefined)
    expect(readNodes(doc).split).not.toHaveProperty('execution')
  })

  it('says how all nodes are carried out, tells so, and takes it back', () => {
    const { doc, undo } = started()
    const told: unknown[] = []
    watchGraph(doc, () => {}, () => {}, () => told.push(readExecutionOfAll(doc)), () => {}, () => {})
    setExecution(doc, null, 'target', 'sandbox')
    undo.stopCapturing()
    setExecution(doc, null, 'retries', 2)
    setName(doc, 'Prices')
    expect(doc.getMap('meta').toJSON()).toEqual({ name: 'Prices', execution: { target: 'sandbox', retries: 2 } })
    undo.undo()
    undo.undo()
    expect(told).toEqual([{ target: 'sandbox' }, { target: 'sandbox', retries: 2 }, { target: 'sandbox', retries: 2 }, { target: 'sandbox' }, undefined])
  })

  it('reads how a node is carried out from a shared map too, and keeps keys it does not know', () => {
    const { doc } = started()
    doc.getMap<Y.Map<unknown>>('nodes').get('split')?.set('execution', new Y.Map(Object.entries({ retries: 1, later: true })))
    setExecution(doc, 'split', 'retries', 2)
    expect(readNodes(doc).split?.execution).toEqual({ retries: 2, later: true })
    const copy = new Y.Doc()
    addGraph(copy, { nodes: readNodes(doc), edges: [] })
    expect(readNodes(copy)).toEqual(readNodes(doc))
  })

  it('moves, disconnects and renames', () => {
    const { doc } = started()
    moveNodes(doc, { cars: [10, 20], gone: [1, 1] })
    disconnect(doc, ['cars.table->split.table'])
    setName(doc, 'Prices')
    expect(readNodes(doc).cars?.position).toEqual([10, 20])
    expect(readEdges(doc)).toEqual([['split.first', 'train.table']])
    expect(readName(doc)).toBe('Prices')
  })
})

describe('two people', () => {
  it('see each other, and undo takes back only what is one’s own', () => {
    const { doc, other, undo } = pair()
    setParam(doc, 'split', 'fraction', 0.7)
    setParam(other, 'split', 'seed', 3)
    expect(readNodes(doc).split?.params).toEqual({ fraction: 0.7, seed: 3 })
    undo.undo()
    expect(readNodes(other).split?.params).toEqual({ seed: 3 })
  })
})

describe('two people and a sub-pipeline', () => {
  const fold = (doc: Y.Doc, id: string, cards: string[]) => {
    addGraph(doc, { nodes: {}, edges: [], groups: { [id]: { title: id, position: [0, 0] } } })
    putInto(doc, id, cards)
  }
  const exchange = (doc: Y.Doc, other: Y.Doc) => {
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  }

  it('fold overlapping selections at once: each module is in one', () => {
    const { doc } = started()
    const other = new Y.Doc()
    exchange(doc, other)
    fold(doc, 'one', ['cars', 'split'])
    fold(other, 'two', ['split', 'train'])
    exchange(doc, other)
    expect(readNodes(doc)).toEqual(readNodes(other))
    expect([readNodes(doc).cars?.group, readNodes(doc).train?.group]).toEqual(['one', 'two'])
    expect(['one', 'two']).toContain(readNodes(doc).split?.group)
  })

  it('fold and delete, promote and unfold at once: nothing else is lost', () => {
    const { doc } = started()
    const other = new Y.Doc()
    exchange(doc, other)
    fold(doc, 'one', ['split', 'train'])
    removeNodes(other, new Set(['train']))
    exchange(doc, other)
    expect(Object.keys(readNodes(doc)).sort()).toEqual(['cars', 'split'])
    setPromoted(doc, 'one', 'Share', { node: 'split', param: 'fraction' })
    setPromoted(other, 'one', 'Seed', { node: 'split', param: 'seed' })
    exchange(doc, other)
    expect(Object.keys(readGroups(other).one?.promoted ?? {}).sort()).toEqual(['Seed', 'Share'])
    putInto(doc, null, ['split'])
    removeGroups(doc, ['one'])
    setWords(other, 'one', 'title', 'Mine')
    exchange(doc, other)
    expect([readGroups(doc), readNodes(other).split?.group]).toEqual([{}, undefined])
  })
})

describe('readAfter', () => {
  it('keeps the objects of nodes that did not change', () => {
    const { doc } = started()
    let nodes = readNodes(doc)
    watchGraph(doc, (events) => (nodes = readAfter(doc, nodes, events)), () => {}, () => {}, () => {}, () => {})
    const before = nodes
    setParam(doc, 'split', 'fraction', 0.7)
    expect(nodes.cars).toBe(before.cars)
    expect(nodes.split).not.toBe(before.split)
    removeNodes(doc, new Set(['train']))
    expect(Object.keys(nodes)).toEqual(['cars', 'split'])
    addGraph(doc, { nodes: { late: node('data.dataset') }, edges: [] })
    expect(nodes.late?.module).toBe('data.dataset')
  })
})
