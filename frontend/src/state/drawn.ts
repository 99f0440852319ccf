/** What the canvas draws: the pipeline, or a sub-pipeline that was entered; each nested one is a card. The address names the one that was entered. */
import { create } from 'zustand'
import type { Catalogue, Module } from '../core/catalogue/catalogue'
import { edgeKey, type Edge, type Graph, type GraphNode } from '../core/graph/graph'
import { groupModule } from '../core/graph/groupPorts'
import { cardAt, drawnAt, foldedIn, levelOf, membersOf, nodesOf, outsideOf, pathOf, realEdge } from '../core/graph/groups'
import { currentGraph, useDocument } from './document'
import { choose, useSelection } from './selection'

type Shown = Pick<Graph, 'nodes' | 'edges'>

interface DrawnState extends Shown {
  /** The sub-pipeline that was entered. */
  level: string | null
  /** The sub-pipelines around what is drawn, outermost first. */
  path: string[]
  /** The nodes of each sub-pipeline, at any depth. */
  members: ReadonlyMap<string, string[]>
  /** What is connected to it outside (see `outsideOf`). */
  outside: ReadonlyMap<string, string[]>
}

const ADDRESS = 'in'

const asked = (): string | null => new URLSearchParams(globalThis.location?.search).get(ADDRESS)

const sameEdges = (some: readonly Edge[], others: readonly Edge[]) =>
  some.length === others.length && some.every((edge, at) => edge === others[at] || (edge[0] === others[at]?.[0] && edge[1] === others[at]?.[1]))

/** Edges keep their identity until one of them changes: a card that is moved changes none. */
function drawn(before?: DrawnState): DrawnState {
  const graph = currentGraph()
  const path = pathOf(graph.groups ?? {}, asked())
  const level = path.at(-1) ?? null
  const members = membersOf(graph)
  const { nodes, edges } = drawnAt(graph, level, members)
  return { nodes, edges: before && sameEdges(edges, before.edges) ? before.edges : edges, level, path, members, outside: outsideOf(graph, level) }
}

export const useDrawn = create<DrawnState>(() => drawn())

const refresh = () => useDrawn.setState(drawn)

useDocument.subscribe((now, before) => {
  if (now.nodes !== before.nodes || now.edges !== before.edges || now.groups !== before.groups) refresh()
})
globalThis.addEventListener?.('popstate', refresh)

export const currentLevel = () => useDrawn.getState().level

/** The graph as it is drawn, in which every card is a node. */
export function currentDrawing(): Graph {
  const { nodes, edges } = useDrawn.getState()
  return { nodes, edges, execution: currentGraph().execution }
}

/** The edge of the document that a drawn one stands for. */
export const real = (edge: Edge): Edge => realEdge(useDocument.getState().groups, edge)

/** The drawn edge that stands for one of the document, by its key there. */
export const drawnEdge = (key: string | null | undefined): Edge | undefined => useDrawn.getState().edges.find((edge) => edgeKey(real(edge)) === key)

/** Goes into a sub-pipeline, or, with null, to the pipeline itself; the browser's Back returns. */
export function enter(group: string | null) {
  if (group === currentLevel()) return
  const address = new URL(location.href)
  if (group === null) address.searchParams.delete(ADDRESS)
  else address.searchParams.set(ADDRESS, group)
  history.pushState(history.state, '', address)
  refresh()
}

/** Goes out of a sub-pipeline, and selects its card. */
export function leave() {
  const { path } = useDrawn.getState()
  const left = path.at(-1)
  if (left === undefined) return
  enter(path.at(-2) ?? null)
  choose([left])
}

/** Selects a node and goes where it is drawn. */
export function showNode(node: string) {
  const graph = currentGraph()
  if (graph.nodes[node] || graph.groups?.[node]) enter(levelOf(graph, node))
  choose([node])
}

/** The card that stands for a node where one looks. */
export const cardOf = (node: string): string | null => cardAt(currentGraph(), currentLevel(), node)

/** The selected modules: those of a selected sub-pipeline in its place. */
export const chosenNodes = (): string[] => [...nodesOf(currentGraph(), useSelection.getState().nodes)]

/** The selected sub-pipeline, when it alone is selected. */
export function chosenGroup(): string | null {
  const { nodes } = useSelection.getState()
  const [only] = nodes
  return nodes.size === 1 && only !== undefined && useDocument.getState().groups[only] ? only : null
}

interface Known {
  made: readonly unknown[]
  module: Module
  shape: string
}

const known = new Map<string, Known>()
const titleIn = (nodes: Record<string, GraphNode>) => (id: string) => nodes[id]

/** The card of a sub-pipeline as a module: the same object while its ports are the same. */
function moduleOf(group: string, catalogue: Catalogue): Module | undefined {
  const graph = currentGraph()
  const members = useDrawn.getState().members.get(group)
  if (!members) return undefined
  const before = known.get(group)
  const made = [catalogue, graph.edges, ...members, ...members.map(titleIn(graph.nodes))]
  if (before && before.made.length === made.length && before.made.every((each, at) => each === made[at])) return before.module
  const module = groupModule(graph, catalogue, group, members)
  const shape = JSON.stringify(module)
  const kept = before?.shape === shape ? before.module : module
  known.set(group, { made, module: kept, shape })
  return kept
}

const wrapped = new WeakMap<Catalogue, Catalogue>()

/** A catalogue that also knows the cards of sub-pipelines. */
export function withFolded(catalogue: Catalogue): Catalogue {
  const before = wrapped.get(catalogue)
  if (before) return before
  const made: Catalogue = {
    ...catalogue,
    module(id) {
      const group = foldedIn(id)
      return group === null ? catalogue.module(id) : moduleOf(group, catalogue)
    },
  }
  wrapped.set(catalogue, made)
  return made
}
