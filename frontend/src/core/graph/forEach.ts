/** For Each: a module that repeats the sub-pipeline that it is in, for each part of its rows. */
import type { Catalogue, InputPort } from '../catalogue/catalogue'
import { readRules } from '../catalogue/columnRules'
import { joinEnd, splitEnd, type Edge, type Graph, type GraphNode, type Point } from './graph'
import { membersOf, pathOf } from './groups'

export const FOR_EACH = 'transform.for_each'
export const ROWS = 'rows'
const TABLE = 'table'
/** What comes of the values of all items, by their kind, as on the server. */
const GATHERED: Readonly<Record<string, string>> = { report: TABLE, model: 'models_by_group' }
const FAILURES = 'failures'
const ABOVE = 140

/** The module that repeats a sub-pipeline: of several the first by id, as on the server. */
export const repeaterOf = (nodes: Readonly<Record<string, GraphNode>>, group: string): string | null =>
  Object.keys(nodes).filter((id) => nodes[id]?.module === FOR_EACH && nodes[id].group === group).sort()[0] ?? null

/** What its items are, for the line of the card: “each shop, day”. */
export function itemWords({ params }: GraphNode): string {
  const { each, groups } = params
  if (each === 'row') return 'each row'
  const names = readRules(groups ?? []).flatMap(({ does, selector }) => (does === 'include' && selector !== 'all' && 'names' in selector ? selector.names : []))
  return names.length > 0 ? `each ${names.join(', ')}` : 'each group'
}

/** Whether an output of a node of a sub-pipeline that is repeated is one of For Each that its card shows: what failed, but not the rows of an item. */
export const isFailures = (node: GraphNode | undefined, port: string) => node?.module === FOR_EACH && port === FAILURES

/** Whether an output of a step is one that For Each has gathered: it is shown at the module inside that it is of. */
export const isGathered = (port: string) => /^output_\d+$/.test(port)

/** The kind of a value where an edge leads: out of a sub-pipeline that is repeated, of a report the figures are a table, and models are models by group. */
export function kindAlong(graph: Graph, [from, to]: Edge, kind: string): string {
  const around = new Set(pathOf(graph.groups ?? {}, graph.nodes[splitEnd(to).node]?.group))
  return kindOutside(graph, splitEnd(from).node, (group) => !around.has(group), kind)
}

/** The kind of a value outside some of the sub-pipelines that its node is in. */
export function kindOutside({ nodes, groups = {} }: Graph, node: string, leaves: (group: string) => boolean, kind: string): string {
  if (nodes[node]?.group === undefined) return kind
  return pathOf(groups, nodes[node].group).some((group) => leaves(group) && repeaterOf(nodes, group) !== null) ? (GATHERED[kind] ?? kind) : kind
}

export interface Change {
  removed: Edge[]
  added: Edge[]
}

/** The edges with For Each before an input: all that reads the same table inside reads the rows of an item. */
export function edgesThrough(graph: Graph, group: string, forEach: string, input: string): Change {
  const inside = new Set(membersOf(graph).get(group))
  const source = graph.edges.find(([, to]) => to === input)?.[0]
  const targets = source === undefined ? [input] : graph.edges.filter(([from, to]) => from === source && inside.has(splitEnd(to).node)).map(([, to]) => to)
  const rows = joinEnd(forEach, ROWS)
  return {
    removed: source === undefined ? [] : targets.map((to): Edge => [source, to]),
    added: [...(source === undefined ? [] : [[source, joinEnd(forEach, TABLE)] as const]), ...targets.map((to): Edge => [rows, to])],
  }
}

/** The edges without For Each: what reads the rows of an item reads the table again. */
export function edgesAround(graph: Graph, forEach: string): Change {
  const [table, rows] = [joinEnd(forEach, TABLE), joinEnd(forEach, ROWS)]
  const source = graph.edges.find(([, to]) => to === table)?.[0]
  const targets = graph.edges.filter(([from]) => from === rows).map(([, to]) => to)
  return { removed: graph.edges.filter(([from, to]) => to === table || from === rows), added: source === undefined ? [] : targets.map((to): Edge => [source, to]) }
}

export function withoutForEach(graph: Graph, forEach: string): Graph {
  const { removed, added } = edgesAround(graph, forEach)
  const nodes = Object.fromEntries(Object.entries(graph.nodes).filter(([id]) => id !== forEach))
  return { ...graph, nodes, edges: [...graph.edges.filter((edge) => !removed.includes(edge)), ...added] }
}

/** The input of the sub-pipeline that its items are parts of, as it would be without For Each. */
export const repeatedInput = (graph: Graph, forEach: string): string | null => graph.edges.find(([from]) => from === joinEnd(forEach, ROWS))?.[1] ?? null

const sourceOf = (graph: Graph, input: string) => graph.edges.find(([, to]) => to === input)?.[0] ?? input

/** The tables that a sub-pipeline can be repeated for parts of, each by the first input that it arrives at; and the one that it is repeated for. */
export function tablesIn(graph: Graph, catalogue: Pick<Catalogue, 'module'>, inputs: readonly InputPort[], chosen: string | null): { tables: { input: string; words: string }[]; chosen: string | null } {
  const found = new Map<string, { input: string; words: string }>()
  for (const input of inputs.filter(({ kind }) => kind === TABLE)) {
    const source = sourceOf(graph, input.name)
    if (!found.has(source)) found.set(source, { input: input.name, words: sourceWords(graph, catalogue, input) })
  }
  return { tables: [...found.values()], chosen: chosen === null ? null : (found.get(sourceOf(graph, chosen))?.input ?? null) }
}

/** Where For Each goes: above what is in the sub-pipeline. */
export function placeAbove(graph: Graph, group: string, input: string): Point {
  const own = graph.nodes[splitEnd(input).node]?.position ?? [0, 0]
  const tops = (membersOf(graph).get(group) ?? []).flatMap((id) => graph.nodes[id]?.position[1] ?? [])
  return [own[0], Math.min(own[1], ...tops) - ABOVE]
}

/** The title of what an input gets: of its source, or of the input itself. */
function sourceWords(graph: Graph, catalogue: Pick<Catalogue, 'module'>, input: { name: string; title: string }): string {
  const source = graph.edges.find(([, to]) => to === input.name)?.[0]
  if (source === undefined) return `${input.title} (not connected)`
  const { node, port } = splitEnd(source)
  const drawn = graph.nodes[node]
  const module = catalogue.module(drawn?.module ?? '')
  const output = (module?.outputs.length ?? 0) > 1 ? module?.outputs.find(({ name }) => name === port)?.title : undefined
  return [drawn?.title || module?.title || node, output].filter(Boolean).join(': ')
}
