/** What a person asks of a search for the best model, and the ordinary pipeline that it becomes. */
import type { Json, Params } from '../base/json'
import { titleOf, type Dataset, DATASET_MODULE } from '../data/datasets'
import type { Edge, GraphDocument, GraphNode } from '../graph/graph'
import { BEST_FORECAST, BEST_MODEL } from './candidates'

export type TaskKind = 'automatic' | 'classification' | 'regression' | 'forecast'

export interface SearchAsked {
  dataset: Pick<Dataset, 'name' | 'title'>
  /** The data that the winner is judged on; null for rows of the dataset. */
  validation: Pick<Dataset, 'name' | 'title'> | null
  target: string
  seconds: number
  task: TaskKind
  /** Columns that are left out of training. */
  without: readonly string[]
  /** Whether copies of rows are removed first. */
  distinct: boolean
  /** Settings of the search that differ from its defaults. */
  settings: Params
  /** Of a forecast: the column of times, the columns that name a series, and how many periods ahead. */
  time: string
  series: readonly string[]
  horizon: number
}

const [ACROSS, DOWN] = [260, 140]
/** The node of the search in its pipeline. */
export const SEARCH_NODE = 'best_model'

type Steps = [id: string, module: string, params: Params, title?: string][]

export function searchDocument(asked: SearchAsked): GraphDocument {
  return asked.task === 'forecast' ? forecastDocument(asked) : modelDocument(asked)
}

function modelDocument({ dataset, validation, target, seconds, task, without, distinct, settings }: SearchAsked): GraphDocument {
  const columns: Json = [{ include: 'all' }, { exclude: { names: [...without] } }]
  const steps: Steps = [
    ['dataset', DATASET_MODULE, { dataset: dataset.name }, titleOf(dataset)],
    ...(without.length ? [['columns', 'transform.select_columns', { columns }] as Steps[number]] : []),
    ...(distinct ? [['distinct', 'transform.remove_duplicate_rows', {}] as Steps[number]] : []),
    [SEARCH_NODE, BEST_MODEL, { label: target, seconds, ...(task !== 'automatic' && { task }), ...settings }],
    ['evaluate', 'evaluation.evaluate_model', {}],
  ]
  const chain = steps.slice(0, -1)
  const edges: Edge[] = chain.slice(1).map(([id], at) => [`${chain[at]?.[0]}.table`, `${id}.table`])
  const placed: [Steps[number], [number, number]][] = steps.map((step, at) => [step, [0, at * DOWN]])
  if (validation) {
    placed.push([['validation', DATASET_MODULE, { dataset: validation.name }, titleOf(validation)], [ACROSS, (steps.length - 3) * DOWN]])
    edges.push(['validation.table', `${SEARCH_NODE}.validation`])
  }
  return documentOf(`Best model for ${target}`, placed, [...edges, [`${SEARCH_NODE}.predictions`, 'evaluate.scored']])
}

/** The series made regular, the search, and the forecasts of its winner. */
function forecastDocument({ dataset, target, seconds, time, series, horizon, settings }: SearchAsked): GraphDocument {
  const names = { time, value: target, series: [...series] }
  const steps: Steps = [
    ['dataset', DATASET_MODULE, { dataset: dataset.name }, titleOf(dataset)],
    ['prepare', 'forecasting.prepare_time_series', names],
    [SEARCH_NODE, BEST_FORECAST, { ...names, horizon, seconds, ...settings }],
    ['forecast', 'forecasting.forecast', {}],
  ]
  return documentOf(`Best forecast of ${target}`, steps.map((step, at) => [step, [0, at * DOWN]]), [
    ['dataset.table', 'prepare.table'], ['prepare.table', `${SEARCH_NODE}.table`], [`${SEARCH_NODE}.forecaster`, 'forecast.forecaster'],
  ])
}

function documentOf(name: string, placed: [Steps[number], [number, number]][], edges: Edge[]): GraphDocument {
  const nodes = Object.fromEntries(placed.map(([[id, module, params, title], position]): [string, GraphNode] => [id, { module, params, position, ...(title && { title }) }]))
  return { format: 1, name: name.slice(0, 200), nodes, edges, parameters: {}, frames: [], notes: [] }
}

/** The address of a new search with choices already made, such as the remedy of a guardrail. */
export interface Preset {
  dataset?: string
  target?: string
  seconds?: number
  without?: readonly string[]
  distinct?: boolean
  split_by?: 'time' | 'groups'
  column?: string
}

export function presetAddress({ without, distinct, ...rest }: Preset): string {
  const query = new URLSearchParams(Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
  for (const column of without ?? []) query.append('without', column)
  if (distinct) query.set('distinct', '1')
  return `/automl${query.size ? `?${query}` : ''}`
}

export function presetOf(query: URLSearchParams): Preset {
  const [seconds, split] = [Number(query.get('seconds')), query.get('split_by')]
  return {
    dataset: query.get('dataset') ?? undefined, target: query.get('target') ?? undefined, seconds: seconds >= 1 ? seconds : undefined, without: query.getAll('without'),
    distinct: query.get('distinct') === '1', split_by: split === 'time' || split === 'groups' ? split : undefined, column: query.get('column') ?? undefined,
  }
}

/** What a person can do about a guardrail: a new search that follows it. */
export interface Fix {
  label: string
  preset: Preset
}

export function fixOf({ id, columns }: { id: string; columns: readonly string[] }): Fix | null {
  const [column] = columns
  if (id === 'duplicate_rows') return { label: 'Search without copies', preset: { distinct: true } }
  if (!column) return null
  if (id === 'leak') return { label: 'Search without these columns', preset: { without: columns } }
  if (id === 'time_order') return { label: `Search with folds in the order of “${column}”`, preset: { split_by: 'time', column } }
  if (id === 'repeated_keys') return { label: `Search with folds of whole “${column}”`, preset: { split_by: 'groups', column } }
  return null
}

/** Seconds as a person reads them: 60 → “1 minute”. */
export function timeWords(seconds: number): string {
  if (seconds % 3600 === 0) return seconds === 3600 ? '1 hour' : `${seconds / 3600} hours`
  if (seconds % 60 === 0) return seconds === 60 ? '1 minute' : `${seconds / 60} minutes`
  return `${seconds} seconds`
}
