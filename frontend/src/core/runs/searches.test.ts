import { expect, it } from 'vitest'
import type { GraphNode } from '../graph/graph'
import { askedBefore, fixOf, followed, presetAddress, presetOf, searchDocument, timeWords, type SearchAsked } from './searches'

const ASKED: SearchAsked = { dataset: { name: 'shop', title: 'My shop' }, validation: null, target: 'y', seconds: 60, task: 'automatic', without: [], distinct: false, settings: {}, time: '', series: [], horizon: 12 }

it('makes an ordinary pipeline: data, search, evaluation of rows that were left out', () => {
  const { nodes, edges, name } = searchDocument(ASKED)
  expect([name, Object.keys(nodes)]).toEqual(['Best model for y', ['dataset', 'best_model', 'evaluate']])
  expect(edges).toEqual([['dataset.table', 'best_model.table'], ['best_model.predictions', 'evaluate.scored']])
  expect(nodes.best_model?.params).toEqual({ label: 'y', seconds: 60 })
})

it('leaves columns and copies out before the search, and keeps what was set', () => {
  const { nodes, edges } = searchDocument({ ...ASKED, without: ['id'], distinct: true, task: 'regression', settings: { metric: 'r2' } })
  expect(edges).toEqual([['dataset.table', 'columns.table'], ['columns.table', 'distinct.table'], ['distinct.table', 'best_model.table'], ['best_model.predictions', 'evaluate.scored']])
  expect(nodes.columns?.params).toEqual({ columns: [{ include: 'all' }, { exclude: { names: ['id'] } }] })
  expect(nodes.best_model?.params).toEqual({ label: 'y', seconds: 60, task: 'regression', metric: 'r2' })
})

it('judges the winner on other data', () => {
  const { nodes, edges } = searchDocument({ ...ASKED, validation: { name: 'later', title: '' } })
  expect(nodes.validation?.params).toEqual({ dataset: 'later' })
  expect(edges).toContainEqual(['validation.table', 'best_model.validation'])
})

it('searches for a forecast of series that are made regular', () => {
  const { nodes, edges, name } = searchDocument({ ...ASKED, task: 'forecast', time: 'week', series: ['store'], horizon: 8, settings: { metric: 'wape' } })
  expect([name, Object.keys(nodes)]).toEqual(['Best forecast of y', ['dataset', 'prepare', 'best_model', 'forecast']])
  expect(nodes.best_model?.params).toEqual({ time: 'week', value: 'y', series: ['store'], horizon: 8, seconds: 60, metric: 'wape' })
  expect(edges).toEqual([['dataset.table', 'prepare.table'], ['prepare.table', 'best_model.table'], ['best_model.forecaster', 'forecast.forecaster']])
})

it('carries choices in the address', () => {
  const preset = { dataset: 'd1', target: 'a b', seconds: 300, without: ['x', 'y'], distinct: true, split_by: 'time' as const, column: 'day', validation: 'd2', settings: { metric: 'f1', patience: null } }
  expect(presetOf(new URLSearchParams(presetAddress(preset).split('?')[1]))).toEqual(preset)
  expect([presetAddress({}), presetOf(new URLSearchParams('seconds=-4&split_by=moon')).seconds, presetOf(new URLSearchParams('settings=[1]')).settings]).toEqual(['/automl', undefined, {}])
})

it('offers what follows from a guardrail', () => {
  expect(fixOf({ id: 'leak', columns: ['a', 'b'] })?.preset).toEqual({ without: ['a', 'b'] })
  expect(fixOf({ id: 'time_order', columns: ['day'] })?.preset).toEqual({ split_by: 'time', column: 'day' })
  expect(fixOf({ id: 'repeated_keys', columns: ['who'] })?.preset).toEqual({ split_by: 'groups', column: 'who' })
  expect(fixOf({ id: 'duplicate_rows', columns: [] })?.preset).toEqual({ distinct: true })
  expect([fixOf({ id: 'few_rows', columns: [] }), fixOf({ id: 'leak', columns: [] })]).toEqual([null, null])
})

it('keeps what a search was asked where a new one follows a guardrail', () => {
  const settings = { metric: 'f1', learners: 'linear', trials: 9 }
  const graph = searchDocument({ ...ASKED, without: ['id'], distinct: true, validation: { name: 'later', title: '' }, settings: { ...settings, split_by: 'time', column: 'day' } })
  const found = askedBefore(graph, 'best_model')
  expect(found).toEqual({ dataset: 'shop', validation: 'later', preset: { target: 'y', seconds: 60, without: ['id'], distinct: true, settings, split_by: 'time', column: 'day' } })
  expect(followed(found?.preset ?? {}, { without: ['leak'] })).toMatchObject({ without: ['id', 'leak'], distinct: true, settings })
})

it('follows no guardrail where the form has no place for what the search was asked', () => {
  const prepared = searchDocument({ ...ASKED, distinct: true })
  prepared.nodes.distinct = { ...prepared.nodes.distinct, module: 'transform.clean_missing_data', params: {} } as GraphNode
  const columns = searchDocument({ ...ASKED, without: ['id'] })
  columns.nodes.columns = { ...columns.nodes.columns, params: { columns: [{ include: { names: ['a'] } }] } } as GraphNode
  const forecast = searchDocument({ ...ASKED, task: 'forecast', time: 'week' })
  const seeded = searchDocument({ ...ASKED, settings: { seed: 3 } })
  const folds = searchDocument({ ...ASKED, settings: { split_by: 'column', column: 'fold' } })
  expect([prepared, columns, forecast, seeded, folds].map((graph) => askedBefore(graph, 'best_model'))).toEqual([null, null, null, null, null])
})

it('says times as people do', () => {
  expect([60, 300, 3600, 7200, 40, 1].map(timeWords)).toEqual(['1 minute', '5 minutes', '1 hour', '2 hours', '40 seconds', '1 second'])
})
