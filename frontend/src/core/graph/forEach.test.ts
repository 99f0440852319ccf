import { describe, expect, it } from 'vitest'
import { fixtureCatalogue } from '../catalogue/catalogue.fixture'
import { checkConnection } from './connect'
import { edgesAround, edgesThrough, FOR_EACH, isFailures, isGathered, itemWords, kindAlong, placeAbove, repeatedInput, repeaterOf, tablesIn, withoutForEach } from './forEach'
import type { Edge, Graph, GraphNode } from './graph'
import { groupPorts } from './groupPorts'

const node = (module: string, rest: Partial<GraphNode> = {}): GraphNode => ({ module, params: {}, position: [0, 0], ...rest })

const PLAIN: Graph = {
  nodes: {
    sales: node('data.dataset', { title: 'Sales' }), other: node('transform.split_data'),
    learner: node('regression.linear_regression', { group: 'part' }), train: node('training.train_model', { group: 'part', position: [40, 200] }), score: node('scoring.score_model', { group: 'part', position: [80, 300] }),
  },
  edges: [['sales.table', 'train.table'], ['sales.table', 'score.table'], ['sales.table', 'other.table'], ['learner.untrained', 'train.untrained'], ['train.model', 'score.model']],
  groups: { part: { title: 'Part', position: [0, 0] } },
}

function repeated(): Graph {
  const { removed, added } = edgesThrough(PLAIN, 'part', 'for_each', 'train.table')
  const gone = new Set(removed.map(String))
  return { ...PLAIN, nodes: { ...PLAIN.nodes, for_each: node(FOR_EACH, { group: 'part' }) }, edges: [...PLAIN.edges.filter((edge) => !gone.has(String(edge))), ...added] }
}

const sorted = (edges: readonly Edge[]) => edges.map(String).sort()

describe('For Each before an input', () => {
  it('gives the rows of an item to all that reads the table inside, and to nothing else', () => {
    expect(sorted(repeated().edges)).toEqual(sorted([
      ['sales.table', 'for_each.table'], ['for_each.rows', 'train.table'], ['for_each.rows', 'score.table'], ['sales.table', 'other.table'], ['learner.untrained', 'train.untrained'], ['train.model', 'score.model'],
    ]))
  })

  it('leaves the same edges when it is taken away', () => {
    const back = withoutForEach(repeated(), 'for_each')
    expect(sorted(back.edges)).toEqual(sorted(PLAIN.edges))
    expect(back.nodes.for_each).toBeUndefined()
  })

  it('goes before an input that nothing feeds', () => {
    const free = { ...PLAIN, edges: PLAIN.edges.slice(3) }
    expect(edgesThrough(free, 'part', 'for_each', 'train.table')).toEqual({ removed: [], added: [['for_each.rows', 'train.table']] })
    expect(edgesAround({ ...free, edges: [['for_each.rows', 'train.table']] }, 'for_each')).toEqual({ removed: [['for_each.rows', 'train.table']], added: [] })
  })

  it('stands above what is in the sub-pipeline', () => {
    expect(placeAbove(PLAIN, 'part', 'train.table')).toEqual([40, -140])
  })
})

describe('the form', () => {
  it('offers each table once, by the name of its source', () => {
    const { inputs } = groupPorts(PLAIN, fixtureCatalogue, ['learner', 'train', 'score'])
    expect(tablesIn(PLAIN, fixtureCatalogue, inputs, 'score.table')).toEqual({ tables: [{ input: 'train.table', words: 'Sales' }], chosen: 'train.table' })
    expect(repeatedInput(repeated(), 'for_each')).toBe('train.table')
  })

  it('knows what repeats a sub-pipeline', () => {
    expect(repeaterOf(repeated().nodes, 'part')).toBe('for_each')
    expect(repeaterOf(PLAIN.nodes, 'part')).toBeNull()
  })

  it.each([
    [{ each: 'row', groups: ['shop'] }, 'each row'], [{ groups: ['shop', 'day'] }, 'each shop, day'], [{ groups: [{ include: { names: ['shop'] } }] }, 'each shop'],
    [{ groups: [{ include: { types: ['text'] } }] }, 'each group'], [{}, 'each group'],
  ])('says what an item is: %j', (params, words) => {
    expect(itemWords(node(FOR_EACH, { params }))).toBe(words)
  })
})

describe('what leaves', () => {
  it('shows the failures', () => {
    expect(isFailures(repeated().nodes.for_each, 'failures')).toBe(true)
    expect(isFailures(repeated().nodes.for_each, 'rows')).toBe(false)
    expect([isGathered('output_0'), isGathered('output')]).toEqual([true, false])
  })

  it('is a table of figures in place of a report', () => {
    const graph = repeated()
    expect(kindAlong(graph, ['score.report', 'other.table'], 'report')).toBe('table')
    expect(kindAlong(graph, ['score.report', 'train.table'], 'report')).toBe('report')
    expect(kindAlong(PLAIN, ['score.report', 'other.table'], 'report')).toBe('report')
    expect(kindAlong(graph, ['train.model', 'other.models'], 'model')).toBe('models_by_group')
    expect(kindAlong(graph, ['train.model', 'score.model'], 'model')).toBe('model')
    expect(kindAlong(graph, ['data.table', 'other.table'], 'table')).toBe('table')
    expect(checkConnection(graph, fixtureCatalogue, ['train.model', 'other.table'])).toMatchObject({ ok: false, reason: 'wrong_kind' })
  })
})
