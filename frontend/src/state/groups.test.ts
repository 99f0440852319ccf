import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fixtureCatalogue } from '../core/catalogue/catalogue.fixture'
import { joinEnd, type Edge, type Graph, type GraphNode } from '../core/graph/graph'
import { between, drawnAt } from '../core/graph/groups'
import { connectDocument, currentGraph, editable, enterDocument, redo, setReadOnly, undo, useDocument } from './document'
import { cardOf, chosenGroup, chosenNodes, currentDrawing, currentLevel, enter, leave, showNode, useDrawn, withFolded } from './drawn'
import { addNode, chooseAll, connect, copyChosen, duplicateChosen, moveNodes, pasteText, removeChosen, setParam } from './edit'
import { foldChosen, renamePromoted, togglePromoted, unfoldChosen } from './groups'
import { choose, choosePort, useSelection } from './selection'
import { addGraph } from './sharedGraph'

vi.mock('./catalogue', () => ({ currentCatalogue: () => fixtureCatalogue }))
vi.mock('../server/documentSocket', () => ({
  DocumentSocket: class {
    awareness = { on: () => {}, setLocalStateField: () => {}, getStates: () => new Map(), clientID: 1 }
    constructor(_: string, __: unknown, listeners: { onState(state: string): void }) {
      setTimeout(() => listeners.onState('saved'))
    }
    close() {}
  },
}))

async function open(graph: Graph) {
  connectDocument('p', () => {})
  enterDocument('p', { id: 'ada', name: 'Ada' })
  await vi.waitFor(() => expect(useDocument.getState().loaded).toBe(true))
  const doc = editable()
  if (doc) addGraph(doc, graph)
}

beforeEach(() => {
  const there = { origin: 'http://here', href: 'http://here/pipelines/p', search: '' }
  vi.stubGlobal('location', there)
  vi.stubGlobal('history', { state: null, pushState: (_: unknown, __: string, to: URL) => Object.assign(there, { href: String(to), search: to.search }) })
  setReadOnly(false)
})

const node = (module: string, y: number): GraphNode => ({ module, params: {}, position: [0, y] })

const PIPELINE: Graph = {
  nodes: { cars: node('data.dataset', 0), split: node('transform.split_data', 100), line: node('regression.linear_regression', 100), train: node('training.train_model', 200) },
  edges: [['cars.table', 'split.table'], ['line.model', 'train.untrained'], ['split.first', 'train.table']],
}

/** The document without the order of its keys. */
const canonical = ({ nodes, edges, groups = {} }: Graph) => JSON.stringify([nodes, groups].map((each) => Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))) + edges.map(String).sort().join()

/** Numbers that are the same in every run. */
function dice(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

describe('a thousand convex selections', () => {
  it('are folded and unfolded to the same document', async () => {
    const random = dice(12)
    await open({ nodes: {}, edges: [] })
    for (let round = 0; round < 1000; round += 1) {
      const ids = Array.from({ length: 3 + Math.floor(random() * 9) }, (_, at) => `r${round}n${at}`)
      const nodes = Object.fromEntries(ids.map((id) => [id, { ...node('trial.gather', random() * 900), title: id }]))
      const edges = ids.flatMap((id, at) => ids.slice(0, at).filter(() => random() < 0.25).map((from): Edge => [joinEnd(from, 'table'), joinEnd(id, 'tables')]))
      const some = new Set(ids.filter(() => random() < 0.4))
      const chosen = new Set([...some, ...between(edges, some)])
      if (chosen.size === 0) chosen.add(ids[0] ?? '')
      const doc = editable()
      if (doc) addGraph(doc, { nodes, edges })
      const before = canonical(currentGraph())
      choose(chosen)
      expect(foldChosen()).toBeNull()
      expect(new Set(chosenNodes())).toEqual(chosen)
      const folded = canonical(currentGraph())
      unfoldChosen()
      expect(canonical(currentGraph())).toBe(before)
      expect(folded).not.toBe(before)
      choose(ids)
      removeChosen()
    }
  })
})

describe('fold and unfold', () => {
  it('refuses what a module outside is between, and names it', async () => {
    await open(PIPELINE)
    choose(['cars', 'train'])
    expect(foldChosen()).toMatch(/^“Split Data” is between the selected modules/)
    expect(useDocument.getState().groups).toEqual({})
  })

  it('is one step of undo each', async () => {
    await open(PIPELINE)
    const before = canonical(currentGraph())
    choose(['split', 'train'])
    foldChosen()
    expect(chosenGroup()).toBe('sub_pipeline')
    expect(Object.keys(currentDrawing().nodes).sort()).toEqual(['cars', 'line', 'sub_pipeline'])
    undo()
    expect(canonical(currentGraph())).toBe(before)
    redo()
    choose(['sub_pipeline'])
    unfoldChosen()
    expect(canonical(currentGraph())).toBe(before)
    expect([...useSelection.getState().nodes].sort()).toEqual(['split', 'train'])
  })

  it('goes where its card was moved to', async () => {
    await open(PIPELINE)
    choose(['split', 'train'])
    foldChosen()
    moveNodes({ sub_pipeline: [300, 650] })
    unfoldChosen()
    expect([currentGraph().nodes.split?.position, currentGraph().nodes.train?.position]).toEqual([[300, 600], [300, 700]])
  })
})

describe('a folded card', () => {
  beforeEach(async () => {
    await open(PIPELINE)
    choose(['split', 'train'])
    foldChosen()
  })

  it('has ports, and wires to it are wires to the modules in it', () => {
    const module = withFolded(fixtureCatalogue).module(currentDrawing().nodes.sub_pipeline?.module ?? '')
    expect(module?.inputs.map(({ name }) => name)).toEqual(['split.table', 'train.untrained'])
    expect(currentDrawing().edges).toEqual([['cars.table', 'sub_pipeline.split.table'], ['line.model', 'sub_pipeline.train.untrained']])
    const second = addNode('data.dataset', [0, 0]) ?? ''
    expect(connect([`${second}.table`, 'sub_pipeline.split.table'])).toBeNull()
    expect(currentGraph().edges).toContainEqual([`${second}.table`, 'split.table'])
    expect(currentGraph().edges).not.toContainEqual(['cars.table', 'split.table'])
  })

  it('cannot be wired to be before and after the same card', () => {
    undo()
    const other = addNode('transform.split_data', [400, 100]) ?? ''
    choose(['split', other])
    foldChosen()
    const rest = addNode('transform.split_data', [0, 400]) ?? ''
    expect(connect(['sub_pipeline.split.first', `${rest}.table`])).toBeNull()
    expect(connect([`${rest}.first`, `sub_pipeline.${other}.table`])).toMatch(/would create a loop/)
    expect(connect([`${rest}.first`, `sub_pipeline.${other}.table`])).toMatch(/Sub-pipeline 1/)
  })

  it('is entered, left, and found', () => {
    enter('sub_pipeline')
    expect(Object.keys(currentDrawing().nodes).sort()).toEqual(['split', 'train'])
    const added = addNode('transform.split_data', [0, 400]) ?? ''
    expect(currentGraph().nodes[added]?.group).toBe('sub_pipeline')
    chooseAll()
    expect(useSelection.getState().nodes.size).toBe(3)
    leave()
    expect([currentLevel(), chosenGroup()]).toEqual([null, 'sub_pipeline'])
    expect(cardOf('train')).toBe('sub_pipeline')
    showNode('train')
    expect([currentLevel(), ...useSelection.getState().nodes]).toEqual(['sub_pipeline', 'train'])
  })

  it('is left when somebody unfolds it', () => {
    enter('sub_pipeline')
    choose(['sub_pipeline'])
    unfoldChosen()
    expect([currentLevel(), Object.keys(currentDrawing().nodes).length]).toEqual([null, 4])
  })

  it('shows the result of a module in it, and stays selected', () => {
    choosePort({ node: 'train', port: 'model', card: 'sub_pipeline' })
    choose(['sub_pipeline'])
    expect(useSelection.getState().port?.node).toBe('train')
  })

  it('is copied, duplicated and deleted with what is in it', () => {
    const text = copyChosen() ?? ''
    pasteText(text, [500, 0])
    expect(useDocument.getState().groups.sub_pipeline_2).toBeDefined()
    expect(currentGraph().nodes.split_2?.group).toBe('sub_pipeline_2')
    expect([...useSelection.getState().nodes]).toEqual(['sub_pipeline_2'])
    removeChosen()
    expect(Object.keys(currentGraph().nodes).sort()).toEqual(['cars', 'line', 'split', 'train'])
    expect(Object.keys(useDocument.getState().groups)).toEqual(['sub_pipeline'])
    choose(['sub_pipeline'])
    duplicateChosen()
    expect(currentGraph().edges).toContainEqual(['cars.table', 'split_2.table'])
    undo()
    expect(Object.keys(useDocument.getState().groups)).toEqual(['sub_pipeline'])
  })

  it('goes with its last module', () => {
    enter('sub_pipeline')
    choose(['split', 'train'])
    removeChosen()
    expect([useDocument.getState().groups, currentLevel()]).toEqual([{}, null])
    undo()
    expect(Object.keys(useDocument.getState().groups)).toEqual(['sub_pipeline'])
  })
})

describe('promoted settings', () => {
  it('survive three levels, each with its own name, and a copy has values of its own', async () => {
    await open(PIPELINE)
    for (let level = 0; level < 3; level += 1) {
      choose(useDrawn.getState().members.size === 0 ? ['split'] : [Object.keys(currentDrawing().nodes).find((id) => useDrawn.getState().members.has(id)) ?? ''])
      foldChosen()
    }
    const groups = Object.keys(useDocument.getState().groups)
    expect(groups).toHaveLength(3)
    for (const group of groups) togglePromoted(group, { node: 'split', param: 'fraction' })
    const [outer = ''] = useSelection.getState().nodes
    const [name = ''] = Object.keys(useDocument.getState().groups[outer]?.promoted ?? {})
    expect(renamePromoted(outer, name, 'Share')).toBeNull()
    setParam('split', 'fraction', 0.6)
    pasteText(copyChosen() ?? '', [500, 0])
    const [copy = ''] = useSelection.getState().nodes
    expect(useDocument.getState().groups[copy]?.promoted).toEqual({ Share: { node: 'split_2', param: 'fraction' } })
    setParam('split_2', 'fraction', 0.9)
    expect([currentGraph().nodes.split?.params.fraction, currentGraph().nodes.split_2?.params.fraction]).toEqual([0.6, 0.9])
  })

  it('are taken off, and go with their module', async () => {
    await open(PIPELINE)
    choose(['split', 'train'])
    foldChosen()
    const promoted = { node: 'split', param: 'fraction' }
    togglePromoted('sub_pipeline', promoted)
    togglePromoted('sub_pipeline', { node: 'split', param: 'seed' })
    const [one = '', other = ''] = Object.keys(useDocument.getState().groups.sub_pipeline?.promoted ?? {})
    expect(renamePromoted('sub_pipeline', one, other)).toMatch('already')
    togglePromoted('sub_pipeline', promoted)
    expect(Object.keys(useDocument.getState().groups.sub_pipeline?.promoted ?? {})).toHaveLength(1)
    enter('sub_pipeline')
    choose(['split'])
    removeChosen()
    expect(useDocument.getState().groups.sub_pipeline?.promoted).toBeUndefined()
    expect(drawnAt(currentGraph(), 'sub_pipeline').nodes).toHaveProperty('train')
  })
})
