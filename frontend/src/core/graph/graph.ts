/** The graph document: one format for drawing, storage, clipboard and API. */
import type { Schemas } from '../base/schemas'
import { DATASET_MODULE, titleOf, type Dataset } from '../data/datasets'
import type { Driven, Parameters } from './parameters'

export type Point = [x: number, y: number]
/** Both ends are written "node.port"; the first is the output, the second the input. */
export type Edge = readonly [from: string, to: string]

export type Execution = Schemas['Execution']
export type Target = NonNullable<Execution['target']>
/** Its settings have the values of the parameters that drive them; `driven` says which do. */
export type GraphNode = Schemas['Node'] & { driven?: Driven }
/** A sub-pipeline: the nodes that name it as their group, drawn as one card. */
export type Group = Schemas['Group']
export type Groups = Readonly<Record<string, Group>>

/** The whole document, as in a file, over REST and on the clipboard. */
export type GraphDocument = Omit<Schemas['Graph'], 'edges'> & { edges: Edge[] }
export type Graph = Pick<GraphDocument, 'edges' | 'execution' | 'groups'> & { nodes: Record<string, GraphNode>; parameters?: Parameters }

export interface End {
  node: string
  port: string
}

export const CARD_WIDTH = 240

export function splitEnd(end: string): End {
  const dot = end.indexOf('.')
  return { node: end.slice(0, dot), port: end.slice(dot + 1) }
}

export const joinEnd = (node: string, port: string) => `${node}.${port}`

export const edgeKey = ([from, to]: Edge) => `${from}->${to}`

const nodeOf = (end: string) => splitEnd(end).node

export function freshId(wanted: string, taken: ReadonlySet<string>): string {
  const stem = wanted.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[^A-Za-z_])/, '_').slice(0, 56) || 'node'
  if (!taken.has(stem)) return stem
  let number = 2
  while (taken.has(`${stem}_${number}`)) number += 1
  return `${stem}_${number}`
}

/** The stem of a new node's id: "split_data" for "transform.split_data". */
export const idStem = (module: string) => module.slice(module.lastIndexOf('.') + 1)

function walk(edges: readonly Edge[], start: Iterable<string>, from: 0 | 1): Set<string> {
  const next = new Map<string, string[]>()
  for (const edge of edges) {
    const here = nodeOf(edge[from])
    const there = nodeOf(edge[from === 0 ? 1 : 0])
    next.set(here, [...(next.get(here) ?? []), there])
  }
  const seen = new Set<string>()
  const waiting = [...start]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const other of next.get(node) ?? []) {
      if (seen.has(other)) continue
      seen.add(other)
      waiting.push(other)
    }
  }
  return seen
}

/** All ancestors of these nodes, without the nodes themselves (unless they are on a cycle). */
export const upstream = (edges: readonly Edge[], nodes: Iterable<string>) => walk(edges, nodes, 1)

export const downstream = (edges: readonly Edge[], nodes: Iterable<string>) => walk(edges, nodes, 0)

/** The edges between nodes of a set. */
export function edgesWithin(edges: readonly Edge[], nodes: ReadonlySet<string>): Edge[] {
  return edges.filter(([from, to]) => nodes.has(nodeOf(from)) && nodes.has(nodeOf(to)))
}

export function edgesTouching(edges: readonly Edge[], nodes: ReadonlySet<string>): Edge[] {
  return edges.filter(([from, to]) => nodes.has(nodeOf(from)) || nodes.has(nodeOf(to)))
}

/** A pipeline that begins with a dataset. */
export function pipelineOf(dataset: Pick<Dataset, 'name' | 'title'>): GraphDocument {
  const title = titleOf(dataset)
  return { format: 1, name: title, nodes: { dataset: { module: DATASET_MODULE, params: { dataset: dataset.name }, title, position: [0, 0] } }, edges: [], parameters: {}, frames: [], notes: [] }
}
