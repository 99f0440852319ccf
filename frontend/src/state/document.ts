/** The open document: its graph, its save state, and how to change it. */
import * as Y from 'yjs'
import { create } from 'zustand'
import type { Params } from '../core/base/json'
import { edgeKey, type Edge, type Graph, type GraphNode, type Group, type Execution } from '../core/graph/graph'
import type { Parameter } from '../core/graph/parameters'
import { DocumentSocket, type Notice, type SaveState } from '../server/documentSocket'
import { clearPeople, publishUser, watchPeople } from './people'
import { choose, chosen, keepExisting, type Chosen } from './selection'
import { readAfter, readAfterParameters, readEdges, readExecutionOfAll, readGroups, readName, readSharedParameters, readSharedPresets, STEP_GAP, undoManager, watchGraph } from './sharedGraph'
import { load, save } from './storage'

export interface DocumentState {
  /** Null until the user's role is known: nothing can be edited. */
  pipelineId: string | null
  name: string
  nodes: Record<string, GraphNode>
  edges: Edge[]
  groups: Record<string, Group>
  parameters: Record<string, Parameter>
  /** Named values of parameters. */
  presets: Record<string, Params>
  /** Default execution settings of the nodes. */
  execution: Execution | undefined
  /** False until the server's copy has arrived. */
  loaded: boolean
  /** While no pipeline is open, as in the last one that was: the page has the same shape. */
  readOnly: boolean
  saved: SaveState
  canUndo: boolean
  canRedo: boolean
}

const READ_ONLY = 'read_only'
let lastReadOnly = load(READ_ONLY, false)

const empty = (): DocumentState => ({
  pipelineId: null, name: '', nodes: {}, edges: [], groups: {}, parameters: {}, presets: {}, execution: undefined, loaded: false, readOnly: lastReadOnly, saved: 'loading', canUndo: false, canRedo: false,
})

export const useDocument = create<DocumentState>(empty)

interface Session {
  pipelineId: string
  doc: Y.Doc
  undo: Y.UndoManager
  socket: DocumentSocket
}

let session: Session | null = null

const socketUrl = (pipelineId: string) => `${location.origin.replace(/^http/, 'ws')}/ws/pipelines/${pipelineId}/`

/** Connects to a document, which is read while the user's role is asked for; `enterDocument` opens it. */
export function connectDocument(pipelineId: string, onNotice: (notice: Notice) => void) {
  closeDocument()
  const doc = new Y.Doc()
  const undo = undoManager(doc)
  watchGraph(
    doc,
    (events) => useDocument.setState(({ nodes }) => ({ nodes: readAfter(doc, nodes, events) })),
    () => useDocument.setState({ edges: readEdges(doc) }),
    () => useDocument.setState({ name: readName(doc), execution: readExecutionOfAll(doc) }),
    () => useDocument.setState({ groups: readGroups(doc) }),
    () => useDocument.setState(({ nodes }) => ({ parameters: readSharedParameters(doc), presets: readSharedPresets(doc), nodes: readAfterParameters(doc, nodes) })),
  )
  const publishUndoState = () => useDocument.setState({ canUndo: undo.canUndo(), canRedo: undo.canRedo() })
  for (const event of ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const) undo.on(event, publishUndoState)
  followSelection(doc, undo)
  const socket = new DocumentSocket(socketUrl(pipelineId), doc, {
    onState: (saved) => {
      useDocument.setState(({ loaded }) => ({ saved, loaded: loaded || saved === 'saved' || saved === 'saving' }))
      pruneSelection()
    },
    onNotice,
  })
  watchPeople(socket.awareness)
  session = { pipelineId, doc, undo, socket }
}

export const isConnected = (pipelineId: string) => session?.pipelineId === pipelineId

/** Opens the document, if it is connected still. */
export function enterDocument(pipelineId: string, me: { id: string; name: string }) {
  if (!isConnected(pipelineId)) return
  publishUser(me)
  useDocument.setState({ pipelineId })
}

/** Whether there is something to show. */
export const isThere = ({ loaded, saved }: DocumentState) => loaded || saved === 'gone' || saved === 'signed_out'

/** Nodes that are gone are removed from the selection; while the document loads, the last selection is kept. */
function pruneSelection() {
  const { nodes, groups, edges, loaded } = useDocument.getState()
  const drawn = chosen().edges.size > 0 ? new Set(edges.map(edgeKey)) : null
  if (loaded) keepExisting((node) => node in nodes || node in groups, (key) => drawn?.has(key) ?? false)
}

const SELECTION = 'selection'

/** Each undo step stores the selection before it; undo restores that selection. */
function followSelection(doc: Y.Doc, undo: Y.UndoManager) {
  undo.on('stack-item-added', ({ stackItem }) => stackItem.meta.set(SELECTION, chosen()))
  undo.on('stack-item-popped', ({ stackItem }) => {
    const { nodes, edges } = stackItem.meta.get(SELECTION) as Chosen
    choose(nodes, edges)
    pruneSelection()
  })
  // After the undo step has stored it: not during the change event.
  doc.on('afterAllTransactions', pruneSelection)
}

export function closeDocument() {
  session?.socket.close()
  session?.undo.destroy()
  session?.doc.destroy()
  session = null
  clearPeople()
  useDocument.setState(empty())
}

/** Shows a read-only graph: the frozen one of a run. */
export function showGraph(graph: Graph, name: string) {
  closeDocument()
  useDocument.setState({ ...empty(), name, nodes: graph.nodes, edges: graph.edges, groups: graph.groups ?? {}, execution: graph.execution, loaded: true, readOnly: true, saved: 'saved' })
}

/** Also for the pipelines opened after this one, until the user's role in them is known. */
export function setReadOnly(readOnly: boolean) {
  lastReadOnly = readOnly
  save(READ_ONLY, readOnly)
  useDocument.setState({ readOnly })
}

/** The shared document when it may be changed. */
export function editable(): Y.Doc | null {
  const { pipelineId, readOnly, loaded } = useDocument.getState()
  return session && pipelineId !== null && loaded && !readOnly ? session.doc : null
}

export function undo() {
  if (editable()) session?.undo.undo()
}

export function redo() {
  if (editable()) session?.undo.redo()
}

/** The following changes are a separate undo step, however soon they come. */
export function startStep() {
  session?.undo.stopCapturing()
}

/** All changes until `endLongStep` are one undo step, also with pauses: a drag. */
export function startLongStep() {
  startStep()
  if (session) session.undo.captureTimeout = Number.MAX_SAFE_INTEGER
}

export function endLongStep() {
  if (session) session.undo.captureTimeout = STEP_GAP
  startStep()
}

/** The current graph. */
export function currentGraph(): Graph {
  const { nodes, edges, execution, groups, parameters } = useDocument.getState()
  return { nodes, edges, execution, groups, parameters }
}
