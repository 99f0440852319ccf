/** Copy and paste as plain JSON text: a pipeline document that can be read, sent and pasted elsewhere. */
import { readExecution } from './execution'
import { isRecord, type Json } from '../base/json'
import { edgesWithin, freshId, joinEnd, splitEnd, type Edge, type Graph, type GraphDocument, type GraphNode, type Point } from './graph'

export function copyText(graph: Graph, chosen: ReadonlySet<string>, name: string): string {
  const nodes = Object.fromEntries(Object.entries(graph.nodes).filter(([id]) => chosen.has(id)))
  const copied: GraphDocument = { format: 1, name, nodes, edges: edgesWithin(graph.edges, chosen), parameters: {}, frames: [], notes: [] }
  if (graph.execution) copied.execution = graph.execution
  return JSON.stringify(copied, null, 1)
}

const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number' && Number.isFinite(each))

function readNode(value: unknown): GraphNode | null {
  if (!isRecord(value) || typeof value.module !== 'string') return null
  const node: GraphNode = {
    module: value.module,
    params: isRecord(value.params) ? (value.params as Record<string, Json>) : {},
    position: isPoint(value.position) ? value.position : [0, 0],
  }
  if (typeof value.title === 'string') node.title = value.title
  if (typeof value.comment === 'string') node.comment = value.comment
  const execution = readExecution(value.execution)
  if (execution) node.execution = execution
  return node
}

const isEdge = (value: unknown): value is Edge => Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'string')

/** Reads pasted text; null when it is not a pipeline, so that other text is handled elsewhere. Settings of the whole pipeline are not pasted. */
export function readCopied(text: string): Graph | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(value) || !isRecord(value.nodes)) return null
  const nodes: Record<string, GraphNode> = {}
  for (const [id, each] of Object.entries(value.nodes)) {
    const node = readNode(each)
    if (node) nodes[id] = node
  }
  if (Object.keys(nodes).length === 0) return null
  const edges = Array.isArray(value.edges) ? value.edges.filter(isEdge) : []
  return { nodes, edges: edgesWithin(edges, new Set(Object.keys(nodes))) }
}

/** Gives pasted nodes free ids and moves them so that their corner lies at `corner`. */
export function placeCopied(copied: Graph, taken: Iterable<string>, corner: Point): Graph {
  const used = new Set(taken)
  const renamed = new Map<string, string>()
  for (const id of Object.keys(copied.nodes)) {
    const fresh = freshId(id.replace(/_\d+$/, ''), used)
    used.add(fresh)
    renamed.set(id, fresh)
  }
  const all = Object.values(copied.nodes).map((node) => node.position)
  const left = Math.min(...all.map(([x]) => x))
  const top = Math.min(...all.map(([, y]) => y))
  const rename = (end: string) => {
    const { node, port } = splitEnd(end)
    return joinEnd(renamed.get(node) ?? node, port)
  }
  const nodes = Object.fromEntries(
    Object.entries(copied.nodes).map(([id, node]) => {
      const position: Point = [node.position[0] - left + corner[0], node.position[1] - top + corner[1]]
      return [renamed.get(id) ?? id, { ...node, position }]
    }),
  )
  return { nodes, edges: copied.edges.map(([from, to]) => [rename(from), rename(to)] as const) }
}

export function cornerOf(graph: Graph): Point {
  const all = Object.values(graph.nodes).map((node) => node.position)
  return [Math.min(...all.map(([x]) => x)), Math.min(...all.map(([, y]) => y))]
}
