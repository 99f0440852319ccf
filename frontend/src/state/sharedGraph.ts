/** The graph in its Yjs document: reading it, and every change to it. */
import * as Y from 'yjs'
import { readExecution, withExecution } from '../core/graph/execution'
import { readDriven, readParameters, writtenParams, type Parameter, type Parameters } from '../core/graph/parameters'
import { readOrigin } from '../core/graph/origin'
import { readPromoted, type Promoted } from '../core/graph/promoted'
import { isRecord, type Json, type Params } from '../core/base/json'
import { edgeKey, edgesTouching, type Edge, type Graph, type GraphNode, type Group, type Point, type Execution } from '../core/graph/graph'

/** The origin of local changes, so that undo reverts only the user's own. */
export const MINE = Symbol('mine')

type SharedNode = Y.Map<unknown>

const nodesOf = (doc: Y.Doc) => doc.getMap<SharedNode>('nodes')
const edgesOf = (doc: Y.Doc) => doc.getMap<[string, string]>('edges')
const parametersOf = (doc: Y.Doc) => doc.getMap<unknown>('parameters')
const presetsOf = (doc: Y.Doc) => doc.getMap<unknown>('presets')
const groupsOf = (doc: Y.Doc) => doc.getMap<Y.Map<unknown>>('groups')
const metaOf = (doc: Y.Doc) => doc.getMap<unknown>('meta')

function executionOf(shared: Y.Map<unknown>): Execution | undefined {
  const held = shared.get('execution')
  return readExecution(held instanceof Y.Map ? held.toJSON() : held)
}

function positionOf(shared: Y.Map<unknown>): Point {
  const position = shared.get('position')
  return Array.isArray(position) ? [Number(position[0]), Number(position[1])] : [0, 0]
}

const textOf = (shared: Y.Map<unknown>, key: string): string => {
  const held = shared.get(key)
  return typeof held === 'string' ? held : ''
}

export const readSharedParameters = (doc: Y.Doc): Record<string, Parameter> => readParameters(parametersOf(doc).toJSON())

/** Named values of parameters; what a foreign client may have put among them is passed over. */
export const readSharedPresets = (doc: Y.Doc): Record<string, Params> =>
  Object.fromEntries(Object.entries(presetsOf(doc).toJSON()).filter((each): each is [string, Params] => isRecord(each[1])))

export function readNode(shared: SharedNode, parameters: Parameters): GraphNode {
  const held = shared.get('params')
  const { params, driven } = readDriven(held instanceof Y.Map ? (held.toJSON() as Params) : {}, parameters)
  const node: GraphNode = { module: String(shared.get('module') ?? ''), params, position: positionOf(shared) }
  if (Object.keys(driven).length > 0) node.driven = driven
  for (const key of ['title', 'comment', 'group'] as const) {
    const text = textOf(shared, key)
    if (text) node[key] = text
  }
  const execution = executionOf(shared)
  if (execution) node.execution = execution
  return node
}

export function readNodes(doc: Y.Doc): Record<string, GraphNode> {
  const parameters = readSharedParameters(doc)
  return Object.fromEntries([...nodesOf(doc).entries()].map(([id, shared]) => [id, readNode(shared, parameters)]))
}

function readGroup(shared: Y.Map<unknown>): Group {
  const group: Group = { title: textOf(shared, 'title') || 'Sub-pipeline', position: positionOf(shared) }
  const around = textOf(shared, 'group')
  if (around) group.group = around
  const held = shared.get('promoted')
  const promoted = readPromoted(held instanceof Y.Map ? held.toJSON() : held)
  if (Object.keys(promoted).length > 0) group.promoted = promoted
  const origin = readOrigin(shared.get('component'))
  if (origin) group.component = origin
  return group
}

/** The sub-pipelines; what a foreign client may have put among them is passed over. */
export const readGroups = (doc: Y.Doc): Record<string, Group> =>
  Object.fromEntries([...groupsOf(doc).entries()].flatMap(([id, shared]) => (shared instanceof Y.Map ? [[id, readGroup(shared)]] : [])))

export const readEdges = (doc: Y.Doc): Edge[] =>
  [...edgesOf(doc).entries()].sort(([one], [two]) => (one < two ? -1 : 1)).map(([, [from, to]]) => [from, to] as const)

export const readName = (doc: Y.Doc): string => String(metaOf(doc).get('name') ?? '')

/** Default execution settings of the nodes. */
export const readExecutionOfAll = (doc: Y.Doc): Execution | undefined => executionOf(metaOf(doc))

/** After a change: unchanged nodes keep their identity, so that only changed cards render. */
export function readAfter(doc: Y.Doc, before: Record<string, GraphNode>, events: Y.YEvent<Y.AbstractType<unknown>>[]): Record<string, GraphNode> {
  const touched = new Set(events.flatMap((event) => (event.path.length > 0 ? [String(event.path[0])] : [...event.changes.keys.keys()])))
  return readAgain(doc, before, touched)
}

/** After a change of parameters: the nodes that they drive. */
export const readAfterParameters = (doc: Y.Doc, before: Record<string, GraphNode>) => readAgain(doc, before, Object.keys(before).filter((id) => before[id]?.driven))

function readAgain(doc: Y.Doc, before: Record<string, GraphNode>, ids: Iterable<string>): Record<string, GraphNode> {
  const after = { ...before }
  const parameters = readSharedParameters(doc)
  for (const id of ids) {
    const shared = nodesOf(doc).get(id)
    if (shared) after[id] = readNode(shared, parameters)
    else delete after[id]
  }
  return after
}

export function watchGraph(doc: Y.Doc, onNodes: (events: Y.YEvent<Y.AbstractType<unknown>>[]) => void, onEdges: () => void, onMeta: () => void, onGroups: () => void, onParameters: () => void) {
  nodesOf(doc).observeDeep(onNodes)
  edgesOf(doc).observe(onEdges)
  metaOf(doc).observe(onMeta)
  groupsOf(doc).observeDeep(onGroups)
  parametersOf(doc).observeDeep(onParameters)
  presetsOf(doc).observeDeep(onParameters)
}

/** Edits closer together than this many milliseconds are one undo step: a word typed, a slider moved. */
export const STEP_GAP = 400

export function undoManager(doc: Y.Doc): Y.UndoManager {
  const scope = ['meta', 'nodes', 'edges', 'parameters', 'frames', 'notes', 'groups', 'presets'].map((name) => doc.getMap(name))
  return new Y.UndoManager(scope, { trackedOrigins: new Set([MINE]), captureTimeout: STEP_GAP })
}

export const change = (doc: Y.Doc, make: () => void) => doc.transact(make, MINE)

function shareNode(node: GraphNode): SharedNode {
  const shared: SharedNode = new Y.Map()
  shared.set('module', node.module)
  shared.set('params', new Y.Map(Object.entries(writtenParams(node.params, node.driven))))
  shared.set('position', [...node.position])
  if (node.title) shared.set('title', node.title)
  if (node.comment) shared.set('comment', node.comment)
  if (node.execution) shared.set('execution', { ...node.execution })
  if (node.group) shared.set('group', node.group)
  return shared
}

function shareGroup(group: Group): Y.Map<unknown> {
  const shared = new Y.Map<unknown>()
  shared.set('title', group.title)
  shared.set('position', [...group.position])
  shared.set('promoted', new Y.Map(Object.entries(group.promoted ?? {})))
  if (group.group) shared.set('group', group.group)
  if (group.component) shared.set('component', { ...group.component })
  return shared
}

/** A parameter that is there already stays as it is. */
export function addGraph(doc: Y.Doc, { nodes, edges, groups = {}, parameters = {} }: Graph) {
  change(doc, () => {
    for (const [name, parameter] of Object.entries(parameters)) if (!parametersOf(doc).has(name)) setParameter(doc, name, parameter)
    for (const [id, group] of Object.entries(groups)) groupsOf(doc).set(id, shareGroup(group))
    for (const [id, node] of Object.entries(nodes)) nodesOf(doc).set(id, shareNode(node))
    for (const edge of edges) edgesOf(doc).set(edgeKey(edge), [...edge])
  })
}

export function removeNodes(doc: Y.Doc, ids: ReadonlySet<string>) {
  change(doc, () => {
    for (const edge of edgesTouching(readEdges(doc), ids)) edgesOf(doc).delete(edgeKey(edge))
    for (const id of ids) nodesOf(doc).delete(id)
  })
}

/** A node or a sub-pipeline. */
const cardOf = (doc: Y.Doc, id: string): Y.Map<unknown> | undefined => nodesOf(doc).get(id) ?? groupsOf(doc).get(id)

export function moveNodes(doc: Y.Doc, places: Record<string, Point>) {
  change(doc, () => {
    for (const [id, place] of Object.entries(places)) cardOf(doc, id)?.set('position', [...place])
  })
}

/** Sets one setting; `undefined` removes it, so that the default applies. */
export function setParam(doc: Y.Doc, id: string, name: string, value: Json | undefined) {
  change(doc, () => {
    const shared = nodesOf(doc).get(id)
    if (!shared) return
    if (!(shared.get('params') instanceof Y.Map)) shared.set('params', new Y.Map())
    const held = shared.get('params') as Y.Map<Json>
    if (value === undefined) held.delete(name)
    else held.set(name, value)
  })
}

/** Sets one parameter; `undefined` removes it. */
export function setParameter(doc: Y.Doc, name: string, parameter: Parameter | undefined) {
  change(doc, () => {
    if (parameter === undefined) parametersOf(doc).delete(name)
    else parametersOf(doc).set(name, { ...parameter })
  })
}

/** Sets one preset; `undefined` removes it. */
export function setPreset(doc: Y.Doc, name: string, values: Params | undefined) {
  change(doc, () => {
    if (values === undefined) presetsOf(doc).delete(name)
    else presetsOf(doc).set(name, { ...values })
  })
}

export function setWords(doc: Y.Doc, id: string, field: 'title' | 'comment', words: string) {
  change(doc, () => {
    const shared = cardOf(doc, id)
    if (words) shared?.set(field, words)
    else shared?.delete(field)
  })
}

/** Puts cards into a sub-pipeline, or, with null, out of all. */
export function putInto(doc: Y.Doc, group: string | null, cards: Iterable<string>) {
  change(doc, () => {
    for (const id of cards) {
      if (group === null) cardOf(doc, id)?.delete('group')
      else cardOf(doc, id)?.set('group', group)
    }
  })
}

/** Their nodes must be elsewhere, or gone. */
export function removeGroups(doc: Y.Doc, ids: Iterable<string>) {
  change(doc, () => {
    for (const id of ids) groupsOf(doc).delete(id)
  })
}

/** Sets one promoted setting of a sub-pipeline by its name; `undefined` removes it. */
export function setPromoted(doc: Y.Doc, id: string, name: string, promoted: Promoted | undefined) {
  change(doc, () => {
    const shared = groupsOf(doc).get(id)
    if (!shared) return
    if (!(shared.get('promoted') instanceof Y.Map)) shared.set('promoted', new Y.Map())
    const held = shared.get('promoted') as Y.Map<unknown>
    if (promoted === undefined) held.delete(name)
    else held.set(name, { ...promoted })
  })
}

/** Sets one execution setting of a node, or, without a node, of the pipeline; `undefined` removes it, so that the default applies. */
export function setExecution(doc: Y.Doc, id: string | null, key: keyof Execution, value: Json | undefined) {
  change(doc, () => {
    const shared = id === null ? metaOf(doc) : nodesOf(doc).get(id)
    if (!shared) return
    const next = withExecution(executionOf(shared), key, value)
    if (Object.keys(next).length > 0) shared.set('execution', next)
    else shared.delete('execution')
  })
}

/** Creates an edge and removes those it replaces, as one step. */
export function connect(doc: Y.Doc, edge: Edge, replaces: readonly Edge[]) {
  change(doc, () => {
    for (const old of replaces) edgesOf(doc).delete(edgeKey(old))
    edgesOf(doc).set(edgeKey(edge), [...edge])
  })
}

export function disconnect(doc: Y.Doc, keys: Iterable<string>) {
  change(doc, () => {
    for (const key of keys) edgesOf(doc).delete(key)
  })
}

export function setName(doc: Y.Doc, name: string) {
  change(doc, () => void metaOf(doc).set('name', name))
}
