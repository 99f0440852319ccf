import { describe, expect, it } from 'vitest'
import type { Edge, Graph, GraphNode, Group } from './graph'
import { between, cardAt, drawnAt, foldRefusal, groupsIn, levelOf, membersOf, nodesOf, outsideOf, pathOf, realEdge, unfoldedPlaces } from './groups'

interface Case {
  about: string
  edges: Edge[]
  groups: Record<string, { title: string; group?: string }>
  members: Record<string, string>
  level: string | null
  chosen: string[]
  between: string[]
}

const [cases] = Object.values(import.meta.glob<Case[]>('../../../../tests/pipelines/graph/sub_pipelines.json', { eager: true, import: 'default' }))

function graphOf({ edges, groups, members }: Pick<Case, 'edges' | 'groups' | 'members'>): Graph {
  const ids = [...new Set(edges.flat().map((end) => end.split('.')[0] ?? ''))]
  const nodes = Object.fromEntries(ids.map((id, at): [string, GraphNode] => [id, { module: 'trial.pass_on', params: {}, position: [0, 100 * at], ...(members[id] && { group: members[id] }) }]))
  return { nodes, edges, groups: Object.fromEntries(Object.entries(groups).map(([id, group]): [string, Group] => [id, { position: [0, 0], ...group }])) }
}

describe('what must be folded together', () => {
  it.each(cases ?? [])('$about', ({ level, chosen, between: wanted, ...drawn }) => {
    expect(between(drawnAt(graphOf(drawn), level).edges, new Set(chosen)).sort()).toEqual(wanted)
  })

  it('is named', () => {
    const graph = graphOf({ edges: [['a.t', 'b.t'], ['b.t', 'c.t'], ['c.t', 'd.t'], ['d.t', 'e.t']], groups: {}, members: {} })
    expect(foldRefusal(graph, null, new Set(['a', 'c']), (id) => id)).toBe('“b” is between the selected modules. Select it too, then fold.')
    expect(foldRefusal(graph, null, new Set(['a', 'e']), (id) => id)).toMatch(/^“.” and 2 more modules are between the selected modules. Select them too, then fold.$/)
    expect(foldRefusal(graph, null, new Set(['a', 'b']), (id) => id)).toBeNull()
  })
})

describe('a level', () => {
  const graph = graphOf({
    edges: [['a.t', 'b.t'], ['b.t', 'c.t'], ['c.t', 'd.t'], ['d.t', 'e.t']],
    groups: { outer: { title: 'Outer' }, inner: { title: 'Inner', group: 'outer' } },
    members: { b: 'outer', c: 'inner', d: 'inner' },
  })

  it('draws its nodes, and one card for what is folded in it', () => {
    expect(Object.keys(drawnAt(graph, null).nodes)).toEqual(['a', 'e', 'outer'])
    expect(drawnAt(graph, null).edges).toEqual([['a.t', 'outer.b.t'], ['outer.d.t', 'e.t']])
    expect(Object.keys(drawnAt(graph, 'outer').nodes)).toEqual(['b', 'inner'])
    expect(drawnAt(graph, 'outer').edges).toEqual([['b.t', 'inner.c.t']])
    expect(drawnAt(graph, 'inner').edges).toEqual([['c.t', 'd.t']])
  })

  it('keeps what did not change, so that it is not drawn again', () => {
    const [one, other] = [drawnAt(graph, null), drawnAt({ ...graph, edges: [] }, null)]
    expect(one.nodes.outer).toBe(other.nodes.outer)
    const flat = { ...graph, groups: {} }
    expect(drawnAt(flat, null)).toBe(flat)
  })

  it('knows what stands for a node, and what a card stands for', () => {
    expect([cardAt(graph, null, 'c'), cardAt(graph, 'outer', 'c'), cardAt(graph, 'inner', 'a')]).toEqual(['outer', 'inner', null])
    expect([levelOf(graph, 'c'), levelOf(graph, 'inner'), levelOf(graph, 'a')]).toEqual(['inner', 'outer', null])
    expect(realEdge(graph.groups ?? {}, ['a.t', 'outer.b.t'])).toEqual(['a.t', 'b.t'])
    expect([...nodesOf(graph, ['a', 'outer'])]).toEqual(['a', 'b', 'c', 'd'])
    expect(groupsIn(graph.groups ?? {}, new Set(['outer']))).toEqual(['outer', 'inner'])
    expect(membersOf(graph).get('inner')).toEqual(['c', 'd'])
  })

  it('knows what its cards are connected to outside', () => {
    expect([...outsideOf(graph, 'outer')]).toEqual([['input:b.t', ['a']], ['output:inner.d.t', ['e']]])
    expect([...outsideOf(graph, 'inner')]).toEqual([['input:c.t', ['b']], ['output:d.t', ['e']]])
    expect(outsideOf(graph, null).size).toBe(0)
  })

  it('survives a sub-pipeline that is gone, or that is around itself', () => {
    const odd = { a: { title: 'A', position: [0, 0] as [number, number], group: 'a' }, b: { title: 'B', position: [0, 0] as [number, number], group: 'gone' } }
    expect([pathOf(odd, 'a'), pathOf(odd, 'b'), pathOf(odd, 'gone')]).toEqual([['a'], ['b'], []])
    expect(Object.keys(drawnAt({ ...graph, groups: {} }, null).nodes)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('goes five deep', () => {
    const groups = Object.fromEntries([0, 1, 2, 3, 4].map((at) => [`g${at}`, { title: '', position: [0, 0] as [number, number], ...(at && { group: `g${at - 1}` }) }]))
    const deep = { nodes: {}, edges: [], groups }
    expect(foldRefusal(deep, 'g4', new Set(), String)).toMatch('5 deep')
    expect(foldRefusal(deep, null, new Set(['g0']), String)).toMatch('5 deep')
    expect(foldRefusal(deep, 'g3', new Set(), String)).toBeNull()
  })

  it('is unfolded around the place of its card', () => {
    const moved = { ...graph, groups: { ...graph.groups, inner: { title: 'Inner', position: [10, 250] as [number, number], group: 'outer' } } }
    expect(unfoldedPlaces(moved, 'inner')).toEqual({ c: [10, 200], d: [10, 300] })
  })
})
