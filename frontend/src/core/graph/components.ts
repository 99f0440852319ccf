/** Instances of components: what is inserted, and what an update to another version changes. */
import type { Catalogue } from '../catalogue/catalogue'
import { placeCopied, readCopied } from './clipboard'
import { nodeTitle, portOf } from './connect'
import { edgeKey, edgesTouching, freshId, splitEnd, type Edge, type Graph, type GraphNode, type Group } from './graph'
import { DEEPEST_GROUP, membersOf, pathOf } from './groups'

/** The id of the outermost sub-pipeline in the content of a component. */
export const ROOT = 'component'

interface Version {
  component: string
  version: number
  graph: unknown
}

/** A version as a graph to insert: its outermost sub-pipeline has the component's name and says what it is. */
export function contentOf({ component, version, graph }: Version, name: string): Graph | null {
  const read = readCopied(JSON.stringify(graph))
  const root = read?.groups?.[ROOT]
  if (!read || !root) return null
  const parts = Object.fromEntries([...Object.keys(read.nodes), ...Object.keys(read.groups ?? {})].filter((id) => id !== ROOT).map((id) => [id, id]))
  return { ...read, groups: { ...read.groups, [ROOT]: { ...root, title: name, component: { id: component, version, parts } } } }
}

/** Why an instance cannot be put into a sub-pipeline, or null. */
export function insertRefusal({ groups = {} }: Pick<Graph, 'groups'>, level: string | null, content: Graph): string | null {
  const inside = content.groups ?? {}
  const around = pathOf(groups, level)
  const named = new Set(Object.values(inside).flatMap(({ component }) => component?.id ?? []))
  if (around.some((id) => named.has(groups[id]?.component?.id ?? ''))) return `“${inside[ROOT]?.title ?? ''}” cannot be put here: a component cannot be in itself.`
  const depth = Math.max(...Object.keys(inside).map((id) => pathOf(inside, id).length))
  return around.length + depth > DEEPEST_GROUP ? `Sub-pipelines can be nested ${DEEPEST_GROUP} deep at most.` : null
}

export interface Update {
  removed: Set<string>
  removedGroups: string[]
  added: Graph
  /** What changes, in sentences. */
  words: string[]
  refusal: string | null
}

const listed = (verb: string, titles: string[]) => (titles.length === 0 ? [] : [`${verb}: ${titles.join(', ')}.`])

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** Puts the instance's values of promoted settings into the new version's nodes; returns those that have no place there. */
function keepValues(graph: Graph, catalogue: Catalogue, old: Group, nodes: Record<string, GraphNode>): string[] {
  return Object.entries(old.promoted ?? {}).flatMap(([name, { node, param }]) => {
    const [before, after] = [graph.nodes[node], nodes[node]]
    if (!before) return []
    if (!after || after.module !== before.module || !catalogue.module(after.module)?.params.some((each) => each.name === param)) return [name]
    const params = { ...after.params }
    const driven: Record<string, string> = { ...after.driven }
    if (before.params[param] === undefined) delete params[param]
    else params[param] = before.params[param]
    if (before.driven?.[param] === undefined) delete driven[param]
    else driven[param] = before.driven[param]
    nodes[node] = { ...after, params, ...(Object.keys(driven).length > 0 && { driven }) }
    if (Object.keys(driven).length === 0) delete nodes[node]?.driven
    return []
  })
}

/** The settings that differ, as "module: setting". */
function changedSettings(graph: Graph, catalogue: Catalogue, nodes: Record<string, GraphNode>): string[] {
  return Object.entries(nodes).flatMap(([id, { module, params }]) => {
    const before = graph.nodes[id]
    if (!before) return []
    const names = [...new Set([...Object.keys(params), ...Object.keys(before.params)])].filter((name) => !same(params[name], before.params[name]))
    return names.map((name) => `${nodeTitle(graph, catalogue, id)} (${catalogue.module(module)?.params.find((each) => each.name === name)?.title ?? name})`)
  })
}

/** Of the connections across the border, those that the new version still has ports for. */
function crossing(graph: Graph, catalogue: Catalogue, members: ReadonlySet<string>, inner: Graph): { kept: Edge[]; dropped: Edge[] } {
  const outer = edgesTouching(graph.edges, members).filter(([from, to]) => members.has(splitEnd(from).node) !== members.has(splitEnd(to).node))
  const merged: Graph = { ...graph, nodes: { ...Object.fromEntries(Object.entries(graph.nodes).filter(([id]) => !members.has(id))), ...inner.nodes } }
  const fed = new Set(inner.edges.map(([, to]) => to))
  const stays = ([from, to]: Edge) => {
    const input = portOf(merged, catalogue, to, 'input')
    return input !== undefined && portOf(merged, catalogue, from, 'output') !== undefined && (input.multiple || !fed.has(to))
  }
  return { kept: outer.filter(stays), dropped: outer.filter((edge) => !stays(edge)) }
}

/** How the settings on the card and the connections inside differ, in sentences. */
function changedCard(old: Group, root: Group, lost: readonly string[], before: readonly Edge[], after: readonly Edge[]): string[] {
  const [had, has] = [Object.keys(old.promoted ?? {}), Object.keys(root.promoted ?? {})]
  const keys = (edges: readonly Edge[]) => edges.map(edgeKey).sort().join()
  return [
    ...listed('New settings on the card', has.filter((name) => !had.includes(name))),
    ...listed('No longer on the card', had.filter((name) => !has.includes(name) && !lost.includes(name))),
    ...(keys(before) === keys(after) ? [] : ['Modules inside are connected differently.']),
  ]
}

/** What puts a version in the place of an instance. Parts keep their ids here, so that wires, promoted values and results stay with them. */
export function updateOf(graph: Graph, catalogue: Catalogue, group: string, content: Graph, taken: ReadonlySet<string>): Update {
  const { groups = {} } = graph
  const old = groups[group] ?? { title: '', position: [0, 0] }
  const members = new Set(membersOf(graph).get(group))
  const nested = Object.keys(groups).filter((id) => id !== group && pathOf(groups, id).includes(group))
  const here = new Map(Object.entries(old.component?.parts ?? {}).filter(([id]) => members.has(id) || nested.includes(id)).map(([id, part]) => [part, id]))
  const names = new Map<string, string>([[ROOT, group]])
  const used = new Set(taken)
  for (const id of [...Object.keys(content.nodes), ...Object.keys(content.groups ?? {})]) {
    if (id === ROOT) continue
    const kept = here.get(id)
    const fits = kept !== undefined && members.has(kept) === id in content.nodes
    const name = fits ? kept : freshId(id, used)
    used.add(name)
    names.set(id, name)
  }
  const inner = placeCopied(content, [], [0, 0], null, names)
  const root = { ...inner.groups?.[group], title: old.title, position: old.position, ...(old.group && { group: old.group }) } as Group
  const nodes = { ...inner.nodes }
  const lost = keepValues(graph, catalogue, old, nodes)
  const { kept, dropped } = crossing(graph, catalogue, members, { ...inner, nodes })
  const title = (id: string) => nodeTitle(graph, catalogue, id)
  const stayed = (edges: readonly Edge[]) => edges.filter((edge) => edge.every((end) => members.has(splitEnd(end).node) && splitEnd(end).node in nodes))
  const words = [
    ...listed('Added', Object.keys(nodes).filter((id) => !members.has(id)).map((id) => nodeTitle({ ...inner, nodes }, catalogue, id))),
    ...listed('Removed', [...members].filter((id) => !nodes[id]).map(title)),
    ...listed('Settings changed', changedSettings(graph, catalogue, nodes)),
    ...listed('Values of this card that have no setting any more', lost),
    ...changedCard(old, root, lost, stayed(graph.edges), stayed(inner.edges)),
    ...listed('Connections dropped, since their ports are gone', dropped.map(([from, to]) => `${title(splitEnd(from).node)} to ${title(splitEnd(to).node)}`)),
  ]
  return {
    removed: members, removedGroups: nested, words, refusal: insertRefusal(graph, old.group ?? null, content),
    added: { nodes, edges: [...inner.edges, ...kept], groups: { ...inner.groups, [group]: root }, parameters: inner.parameters },
  }
}

