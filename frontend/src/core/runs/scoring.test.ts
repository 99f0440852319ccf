import { expect, it } from 'vitest'
import type { Run } from './runs'
import { fatesInWords, inFlow, isDeriving, proofByColumn, rangeOf, scoredChoices, scoredOutputs, scoringAddress, scoringCards, wiresOf, type Scoring } from './scoring'

const decision = (node: string, fate: Scoring['decisions'][number]['fate'], ...became: string[]) => ({ node, title: `The ${node}`, module: 'm', fate, reason: 'Why.', became })
const scoring = {
  training: { nodes: { query: { params: { query: 'select a, y from t1' } }, cut: { params: { columns: 'all' } } }, edges: [] },
  document: {
    nodes: { data: { module: 'data.dataset', title: '' }, scale: { module: 'scoring.apply', title: 'Apply: scale' }, scale_fit: { module: 'data.load', title: 'scale' }, score: { module: 'scoring.score_model', title: '' } },
    edges: [['data.table', 'scale.table'], ['scale_fit.fitted', 'scale.fitted'], ['scale.table', 'score.table'], ['scale.other', 'score.more']],
  },
  signature: { inputs: [{}, {}, {}], outputs: [{ name: 'Scored Labels' }] },
  request: 'data.table', answer: 'score.table', decisions: [decision('data', 'replaced', 'data'), decision('scale', 'replaced', 'scale', 'scale_fit'), decision('split', 'passed'), decision('score', 'kept', 'score')],
  pinned: [{ node: 'scale_fit', port: 'fitted', kind: 'transform', digest: 'd', bytes: 1, made_by: 'scale.fitted', only: ['a', 'b'] }],
} as unknown as Scoring

it('tells of each card what it is and what it stands for', () => {
  expect(scoringCards(scoring)).toEqual([
    { id: 'data', part: 'request', title: 'Request', lines: ['3 columns', 'as in The data'], of: ['data'] },
    { id: 'scale', part: 'step', title: 'Apply: scale', lines: ['Applies what the run fitted'], of: ['scale'] },
    { id: 'scale_fit', part: 'pinned', title: 'scale', lines: ['Pinned from the run, 1\u00a0B', 'narrowed to 2 columns'], of: ['scale'] },
    { id: 'score', part: 'answer', title: 'The score', lines: ['Gives the answer', 'Scored Labels'], of: ['score'] },
  ])
  expect(wiresOf(scoring.document)).toHaveLength(3)
})

it('tells that the settings of a step are narrowed', () => {
  const nodes = { query: { module: 'm', params: { query: 'SELECT a FROM t1' } }, cut: { module: 'm', params: { columns: 'all' } } }
  expect(scoringCards({ ...scoring, document: { nodes, edges: [] } }).map(({ lines }) => lines)).toEqual([['Narrowed to requests'], ['As in the run']])
})

it('tells the steps in the order of the flow', () => {
  const training = { nodes: { b: {}, a: {} }, edges: [['a.table', 'b.table']] }
  expect(inFlow({ training, decisions: [decision('b', 'kept'), decision('a', 'cut')] } as never).map(({ node }) => node)).toEqual(['a', 'b'])
})

it('counts the fates in words', () => {
  expect(fatesInWords(scoring.decisions)).toBe('1 kept, 2 replaced, 1 passed through')
})

it('finds what scores rows in a run', () => {
  const steps = { score: { outputs: { table: {} } }, failed: { outputs: {} }, tune: { outputs: { table: {} } }, batches: { outputs: { scores: {} } } }
  const nodes = { score: { module: 'scoring.score_model' }, batches: { module: 'scoring.score_in_batches' }, failed: { module: 'scoring.score_model' }, tune: { module: 'training.tune' } }
  expect(scoredOutputs({ graph: { nodes }, steps } as unknown as Run)).toEqual(['score.table'])
  const twice = { nodes: { one: { module: 'scoring.score_model', title: '' }, two: { module: 'scoring.score_model', title: '' }, own: { module: 'scoring.score_model', title: 'Mine' } } }
  const outputs = { outputs: { table: {} } }
  const run = { graph: twice, steps: { one: outputs, two: outputs, own: outputs } } as unknown as Run
  expect(scoredChoices(run, { module: () => ({ title: 'Score Model' }) } as never).map(({ label }) => label)).toEqual(['Score Model (one)', 'Score Model (two)', 'Mine'])
  expect(scoringAddress('r', 'score.table')).toBe('/runs/r/scoring?scored=score.table')
  expect(scoringAddress('r')).toBe('/runs/r/scoring')
})

it('adds the comparisons up by column; a proof of before has none', () => {
  const of = (differing: number, largest: number) => ({ columns: [{ name: 'score', values: 10, differing, largest }] })
  expect(proofByColumn({ cases: [of(0, 0), of(1, 0.5), { columns: undefined }] as never })).toEqual([{ name: 'score', values: 20, differing: 1, largest: 0.5 }])
})

it('writes what training had', () => {
  expect(rangeOf({ categories: ['a', 'b'], low: null, high: null })).toBe('a, b')
  expect(rangeOf({ categories: null, low: 48, high: 262.5 })).toBe('48 to 262.5')
  expect(rangeOf({ categories: null, low: null, high: null })).toBe('')
})

it('tells a scoring pipeline from one that a worker still derives', () => {
  expect(isDeriving(scoring)).toBe(false)
  expect(isDeriving({ state: 'deriving', doing: '', share: 0, asked_at: '' })).toBe(true)
})
