import { notifications } from '@mantine/notifications'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fixtureCatalogue } from '../core/catalogue/catalogue.fixture'
import { cardHeight } from '../core/graph/cardShape'
import type { Graph } from '../core/graph/graph'
import { connectDocument, currentGraph, endLongStep, enterDocument, redo, setReadOnly, startLongStep, undo, useDocument } from './document'
import { addNode, chooseAll, connect, copyChosen, duplicateChosen, insertNode, moveNodes, nudgeChosen, pasteText, removeChosen, setParam } from './edit'
import { choose, useSelection } from './selection'

const lacking = vi.hoisted(() => ({ id: '' }))
vi.mock('./catalogue', () => ({
  currentCatalogue: () => ({
    ...fixtureCatalogue,
    module(id: string) {
      const module = fixtureCatalogue.module(id)
      return module && id === lacking.id ? { ...module, extra: { name: 'moonshine', installed: false, command: 'make run EXTRAS=moonshine' } } : module
    },
  }),
}))
vi.mock('../server/documentSocket', () => ({
  /** A connection that is open at once and acks everything. */
  DocumentSocket: class {
    awareness = { on: () => {}, setLocalStateField: () => {}, getStates: () => new Map(), clientID: 1 }
    constructor(_: string, __: unknown, listeners: { onState(state: string): void }) {
      setTimeout(() => listeners.onState('saved'))
    }
    close() {}
  },
}))

function open(id: string) {
  connectDocument(id, () => {})
  enterDocument(id, { id: 'ada', name: 'Ada' })
}

beforeEach(async () => {
  vi.stubGlobal('location', { origin: 'http://here' })
  setReadOnly(false)
  open('p')
  await vi.waitFor(() => expect(useDocument.getState().loaded).toBe(true))
})

it('adds no module whose extra is missing, and says which command brings it', async () => {
  const show = vi.spyOn(notifications, 'show')
  const writeText = vi.fn(() => Promise.resolve())
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  lacking.id = 'training.train_model'
  expect(addNode('training.train_model', [0, 0])).toBeNull()
  expect(addNode('transform.split_data', [0, 0])).not.toBeNull()
  lacking.id = ''
  expect(Object.keys(currentGraph().nodes)).toHaveLength(1)
  await vi.waitFor(() => expect(show).toHaveBeenCalledOnce())
  expect(writeText).toHaveBeenCalledWith('make run EXTRAS=moonshine')
  expect(show.mock.calls[0]?.[0].message).toBe('Needs the extra “moonshine”, which is not installed. Install it with make run EXTRAS=moonshine. The command is copied.')
  vi.unstubAllGlobals()
})

/** cars -> split -> train <- line, built by the functions under test. */
function draw(): Graph {
  addNode('data.dataset', [120, 0])
  addNode('transform.split_data', [120, 100], { joined: { end: 'dataset.table', side: 'output', kind: 'table' } })
  addNode('training.train_model', [120, 200], { joined: { end: 'split_data.first', side: 'output', kind: 'table' } })
  addNode('regression.linear_regression', [-200, 100], { joined: { end: 'train_model.untrained', side: 'input', kind: 'untrained_model' } })
  return currentGraph()
}

describe('adding', () => {
  it('puts what is dropped on a wire as far below its source as a new card, and moves the others down', () => {
    addNode('data.dataset', [120, 0])
    addNode('transform.split_data', [120, 100], { joined: { end: 'dataset.table', side: 'output', kind: 'table' } })
    addNode('transform.split_data', [120, 50], { onto: ['dataset.table', 'split_data.table'] })
    const { dataset, split_data: below, split_data_2: put } = currentGraph().nodes
    const height = cardHeight({ module: 'data.dataset', params: {}, position: [0, 0] }, fixtureCatalogue)
    expect([dataset?.position[1], put?.position[1]]).toEqual([0, height + 56])
    expect((below?.position[1] ?? 0) - (put?.position[1] ?? 0)).toBeGreaterThanOrEqual(height + 56)
  })

  it('puts what feeds a loose input above the place where its wire was dropped', () => {
    draw()
    const height = cardHeight({ module: 'regression.linear_regression', params: {}, position: [0, 0] }, fixtureCatalogue)
    expect(currentGraph().nodes.linear_regression?.position).toEqual([-320, 100 - height])
  })

  it('puts it above the module, beside what is already there, where no place was chosen', () => {
    addNode('data.dataset', [120, 0])
    addNode('training.train_model', [120, 100])
    addNode('regression.linear_regression', [0, 0], { joined: { end: 'train_model.untrained', side: 'input', kind: 'untrained_model' }, anywhere: true })
    expect(currentGraph().nodes.linear_regression?.position).toEqual([-300, 0])
    expect(currentGraph().edges).toEqual([['linear_regression.untrained', 'train_model.untrained']])
  })

  it('joins a new module to the loose end of a wire, either way round', () => {
    expect(draw().edges.map((edge) => edge.join(' > '))).toEqual([
      'dataset.table > split_data.table', 'linear_regression.untrained > train_model.untrained', 'split_data.first > train_model.table',
    ])
  })

  it('chooses what was added, and takes module and wire back in one step', () => {
    draw()
    expect([...useSelection.getState().nodes]).toEqual(['linear_regression'])
    undo()
    expect(Object.keys(currentGraph().nodes)).toHaveLength(3)
    expect(currentGraph().edges).toHaveLength(2)
  })

  it('moves to where there is room when nobody pointed at the place', () => {
    addNode('data.dataset', [120, 0])
    const id = addNode('data.dataset', [120, 10], { anywhere: true })
    expect(currentGraph().nodes[id ?? '']?.position).toEqual([0, 76])
  })

  it('does not know a module that is not in the catalogue', () => expect(addNode('no.such', [0, 0])).toBeNull())
})

describe('wires', () => {
  it('replaces the wire of a taken input, as one step', () => {
    draw()
    expect(connect(['split_data.second', 'train_model.table'])).toBeNull()
    expect(currentGraph().edges).toHaveLength(3)
    undo()
    expect(currentGraph().edges).toContainEqual(['split_data.first', 'train_model.table'])
    redo()
    expect(currentGraph().edges).toContainEqual(['split_data.second', 'train_model.table'])
  })

  it('gives the reason for a refusal and changes nothing', () => {
    const { edges } = draw()
    expect(connect(['linear_regression.untrained', 'split_data.table'])).toBe('Split Data accepts a table here, but this is an untrained model.')
    expect(currentGraph().edges).toBe(edges)
  })
})

describe('what is chosen', () => {
  it('is removed with its wires', () => {
    draw()
    choose(['train_model'])
    removeChosen()
    expect(currentGraph().edges).toHaveLength(1)
    expect(useSelection.getState().nodes.size).toBe(0)
  })

  it('is duplicated beside itself, the copy chosen', () => {
    draw()
    choose(['split_data', 'train_model'])
    duplicateChosen()
    expect([...useSelection.getState().nodes]).toEqual(['split_data_2', 'train_model_2'])
    expect(currentGraph().edges).toContainEqual(['split_data_2.first', 'train_model_2.table'])
    const [original, copy] = [currentGraph().nodes.split_data, currentGraph().nodes.split_data_2]
    expect(copy?.position[1]).toBe(original?.position[1])
    expect((copy?.position[0] ?? 0) - (original?.position[0] ?? 0)).toBeGreaterThan(240)
  })

  it('reads what the original reads when it is duplicated, and feeds nothing', () => {
    draw()
    choose(['split_data'])
    duplicateChosen()
    const own = currentGraph().edges.filter((ends) => ends.some((end) => end.startsWith('split_data_2.')))
    expect(own).toEqual([['dataset.table', 'split_data_2.table']])
  })

  it('is copied as text that pastes', () => {
    draw()
    chooseAll()
    const text = copyChosen() ?? ''
    expect(pasteText(text, [1000, 0])).toBe(true)
    expect(Object.keys(currentGraph().nodes)).toHaveLength(8)
    expect(pasteText('hello', [0, 0])).toBe(false)
  })

  it('is nudged', () => {
    draw()
    choose(['dataset'])
    nudgeChosen(10, -10)
    expect(currentGraph().nodes.dataset?.position).toEqual([10, -10])
  })
})

it('a drag with pauses is one step', () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  addNode('data.dataset', [120, 0])
  startLongStep()
  for (const x of [10, 20, 30]) {
    moveNodes({ dataset: [x, 0] })
    vi.setSystemTime(Date.now() + 2000)
  }
  endLongStep()
  undo()
  expect(currentGraph().nodes.dataset?.position).toEqual([0, 0])
  vi.useRealTimers()
})

it('nothing changes for somebody who may only look', () => {
  const before = draw()
  setReadOnly(true)
  setParam('split_data', 'fraction', 0.9)
  choose(['split_data'])
  removeChosen()
  undo()
  expect(currentGraph()).toEqual(before)
  expect(connect(['split_data.second', 'train_model.table'])).toBe('View only. You cannot change this pipeline.')
})

describe('deleting from the middle', () => {
  it('heals the wires, and is one step back', () => {
    draw()
    choose(['split_data'])
    const before = currentGraph()
    expect(removeChosen()).toBe('dataset')
    expect(currentGraph().edges.map((edge) => edge.join(' > '))).toEqual(['dataset.table > train_model.table', 'linear_regression.untrained > train_model.untrained'])
    undo()
    expect(currentGraph()).toEqual(before)
  })

  it('does not bring back a wire that was selected too', () => {
    draw()
    choose(['split_data'], ['split_data.first->train_model.table'])
    removeChosen()
    expect(currentGraph().edges).toHaveLength(1)
  })
})

describe('a card that is there already', () => {
  it('is put into a wire, in one step with the drag', () => {
    draw()
    const id = addNode('transform.split_data', [900, 0]) ?? ''
    startLongStep()
    moveNodes({ [id]: [0, 60] })
    insertNode(id, [0, 60], ['dataset.table', 'split_data.table'])
    endLongStep()
    expect(currentGraph().edges.map((edge) => edge.join(' > '))).toContain('split_data_2.first > split_data.table')
    expect(currentGraph().edges.map((edge) => edge.join(' > '))).toContain('dataset.table > split_data_2.table')
    expect(currentGraph().edges).toHaveLength(4)
    undo()
    expect(currentGraph().edges).toHaveLength(3)
    expect(currentGraph().nodes[id]?.position).toEqual([780, 0])
  })

  it('stays out where it has wires of its own or does not fit', () => {
    draw()
    const before = currentGraph().edges
    insertNode('train_model', [0, 60], ['dataset.table', 'split_data.table'])
    const line = addNode('regression.linear_regression', [900, 0]) ?? ''
    insertNode(line, [0, 60], ['dataset.table', 'split_data.table'])
    expect(currentGraph().edges).toEqual(before)
  })
})

describe('the selection', () => {
  const selected = () => [...useSelection.getState().nodes].sort()

  it('follows undo and redo', () => {
    draw()
    choose(['dataset', 'split_data'])
    addNode('data.dataset', [900, 0])
    undo()
    expect(selected()).toEqual(['dataset', 'split_data'])
    redo()
    expect(selected()).toEqual(['dataset_2'])
    removeChosen()
    expect(selected()).toEqual([])
    undo()
    expect(selected()).toEqual(['dataset_2'])
  })
})

describe('a document that is connected', () => {
  it('cannot be edited until it is opened, and not under another id', async () => {
    connectDocument('q', () => {})
    await vi.waitFor(() => expect(useDocument.getState().loaded).toBe(true))
    addNode('data.dataset', [0, 0])
    enterDocument('p', { id: 'ada', name: 'Ada' })
    addNode('data.dataset', [0, 0])
    expect(currentGraph().nodes).toEqual({})
    enterDocument('q', { id: 'ada', name: 'Ada' })
    addNode('data.dataset', [0, 0])
    expect(Object.keys(currentGraph().nodes)).toEqual(['dataset'])
  })
})

describe('what was selected last time', () => {
  it('waits for the document, and then loses what is not there', async () => {
    open('q')
    choose(['gone'])
    expect(useSelection.getState().nodes.size).toBe(1)
    await vi.waitFor(() => expect(useSelection.getState().nodes.size).toBe(0))
    expect(useDocument.getState().loaded).toBe(true)
  })
})

describe('adding after a card', () => {
  it('wires it and lays it below, as one step', () => {
    addNode('data.dataset', [120, 0])
    addNode('transform.split_data', [500, 500], { after: 'dataset' })
    expect(currentGraph().nodes.split_data?.position).toEqual([0, 100])
    expect(currentGraph().edges).toEqual([['dataset.table', 'split_data.table']])
    undo()
    expect(Object.keys(currentGraph().nodes)).toEqual(['dataset'])
  })
})

it('drops the options of the former choice', () => {
  addNode('regression.any', [0, 0], { params: { estimator: 'Ridge', parameters: { alpha: 2 } } })
  setParam('any', 'parameters', { alpha: 3 })
  expect(currentGraph().nodes.any?.params).toEqual({ estimator: 'Ridge', parameters: { alpha: 3 } })
  setParam('any', 'estimator', 'SVR')
  expect(currentGraph().nodes.any?.params).toEqual({ estimator: 'SVR' })
})
