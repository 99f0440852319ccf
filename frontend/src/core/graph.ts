/** The graph as it is drawn, saved, copied and sent: one shape everywhere. */
import type { Execution } from './execution'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Params = Record<string, Json>
export type Point = [x: number, y: number]
/** Both ends are written "node.port"; the first gives, the second takes. */
export type Edge = readonly [from: string, to: string]

export interface GraphNode {
  module: string
  params: Params
  position: Point
  title?: string
  comment?: string
  /** How it is carried out, where that is not as usual. */
  execution?: Execution
}

export interface Graph {
  nodes: Record<string, GraphNode>
  edges: Edge[]
  /** How nodes are carried out, where they do not say otherwise themselves. */
  execution?: Execution
}

/** The whole document as it stands in a file, over REST and on the clipboard. */
export interface GraphDocument extends Graph {
  format: 1
  name: string
  parameters: Record<string, Json>
  frames: Json[]
  notes: Json[]
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

export interface End {
  node: string
  port: string
}

export const CARD_WIDTH = 220

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

/** The name a new node of this module starts from: "transform.split_data" gives "split_data". */
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

/** Everything that feeds these nodes, not the nodes themselves (unless they lie on a ring). */
export const upstream = (edges: readonly Edge[], nodes: Iterable<string>) => walk(edges, nodes, 1)

export const downstream = (edges: readonly Edge[], nodes: Iterable<string>) => walk(edges, nodes, 0)

/** The edges that would remain inside a chosen set of nodes. */
export function edgesWithin(edges: readonly Edge[], nodes: ReadonlySet<string>): Edge[] {
  return edges.filter(([from, to]) => nodes.has(nodeOf(from)) && nodes.has(nodeOf(to)))
}

export function edgesTouching(edges: readonly Edge[], nodes: ReadonlySet<string>): Edge[] {
  return edges.filter(([from, to]) => nodes.has(nodeOf(from)) || nodes.has(nodeOf(to)))
}
