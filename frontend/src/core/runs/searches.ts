/** What a person asks of a search for the best model, and the ordinary pipeline that it becomes. */
import { counted } from '../base/numbers'
import { isRecord, type Json, type Params } from '../base/json'
import { titleOf, type Dataset, DATASET_MODULE } from '../data/datasets'
import { splitEnd, upstream, type Edge, type Graph, type GraphDocument, type GraphNode } from '../graph/graph'
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
  /** The id of the dataset that judges the winner. */
  validation?: string
  /** Further settings of the search. */
  settings?: Params
}

export function presetAddress({ without, distinct, settings, ...rest }: Preset): string {
  const query = new URLSearchParams(Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
  for (const column of without ?? []) query.append('without', column)
  if (distinct) query.set('distinct', '1')
  if (settings && Object.keys(settings).length) query.set('settings', JSON.stringify(settings))
  return `/automl${query.size ? `?${query}` : ''}`
}

export function presetOf(query: URLSearchParams): Preset {
  const [seconds, split] = [Number(query.get('seconds')), query.get('split_by')]
  return {
    dataset: query.get('dataset') ?? undefined, target: query.get('target') ?? undefined, seconds: seconds >= 1 ? seconds : undefined, without: query.getAll('without'),
    distinct: query.get('distinct') === '1', split_by: split === 'time' || split === 'groups' ? split : undefined, column: query.get('column') ?? undefined,
    validation: query.get('validation') ?? undefined, settings: settingsIn(query.get('settings') ?? '{}'),
  }
}

function settingsIn(text: string): Params {
  try {
    const found: unknown = JSON.parse(text)
    return isRecord(found) ? (found as Params) : {}
  } catch {
    return {}
  }
}

/** The settings of a search that the form of a new one has, beside those that an address names. */
const IN_FORM = ['task', 'metric', 'learners', 'without', 'target_score', 'patience', 'trials', 'trial_seconds', 'at_once']

/** What a search was asked: the names of its datasets, and all else that the form of a new one takes. */
interface AskedBefore {
  dataset: string
  validation: string | null
  preset: Preset
}

/** What a search in a pipeline was asked; null where the form of a new one has no place for it: a forecast, data that other modules prepare, or other settings. */
export function askedBefore({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>, node: string): AskedBefore | null {
  const above = (port: string): GraphNode[] => {
    const starts = edges.filter(([, to]) => to === `${node}.${port}`).map(([from]) => splitEnd(from).node)
    return [...new Set([...starts, ...upstream(edges, starts)])].flatMap((id) => nodes[id] ?? [])
  }
  const datasetOf = (found: GraphNode[]) => found.flatMap(({ module, params }) => (module === DATASET_MODULE && typeof params.dataset === 'string' ? [params.dataset] : []))
  const [data, judging] = [above('table'), above('validation')]
  const [dataset, validation] = [datasetOf(data), datasetOf(judging)]
  const without = data.filter(({ module }) => module === 'transform.select_columns').map(leftOut)
  const distinct = data.some(({ module }) => module === 'transform.remove_duplicate_rows')
  const known = dataset.length + without.length + Number(distinct)
  const search = nodes[node]
  if (search?.module !== BEST_MODEL || !dataset[0] || dataset.length > 1 || known < data.length || without.includes(null) || validation.length < judging.length || judging.length > 1) return null
  const { label, seconds, split_by: split = 'label', column, ...settings } = search.params
  if (!Object.keys(settings).every((name) => IN_FORM.includes(name)) || !['label', 'time', 'groups'].includes(String(split))) return null
  return {
    dataset: dataset[0], validation: validation[0] ?? null,
    preset: {
      target: String(label ?? ''), seconds: Number(seconds ?? 60), without: without.flatMap((names) => names ?? []), distinct, settings,
      ...((split === 'time' || split === 'groups') && typeof column === 'string' && { split_by: split, column }),
    },
  }
}

/** The columns that the form of a search leaves out with Select Columns; null where it does something else. */
function leftOut({ params }: GraphNode): string[] | null {
  const [all, rest, ...more] = Array.isArray(params.columns) ? params.columns : []
  const names = isRecord(rest) && isRecord(rest.exclude) ? rest.exclude.names : null
  return isRecord(all) && all.include === 'all' && more.length === 0 && Array.isArray(names) ? names.map(String) : null
}

/** The choices of an earlier search with what follows from a guardrail of it: columns that were left out stay so. */
export const followed = (before: Preset, fix: Preset): Preset => ({ ...before, ...fix, without: [...new Set([...(before.without ?? []), ...(fix.without ?? [])])] })

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
  return counted(seconds, 'second')
}
