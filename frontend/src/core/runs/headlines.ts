/** The first metric of a run's last report, over several runs of a pipeline. */
import { flowOrder } from '../graph/flowOrder'
import type { Run, RunBrief } from './runs'

export type Headline = NonNullable<RunBrief['headline']>

export interface Trend {
  /** Where the metric comes from, and its title. */
  headline: Headline
  /** The best value; the newest one where neither higher nor lower is better. */
  best: number
  /** Oldest first. */
  values: number[]
  /** The newest value minus the one before it; null when there is none before. */
  change: number | null
}

const same = (one: Headline, other: Headline) => one.node === other.node && one.port === other.port && one.title === other.title

/** The metric of the newest run that has one, over the last runs with the same metric; null when none has. The runs come newest first. */
export function trendOf(runs: readonly RunBrief[], most: number): Trend | null {
  const all = runs.flatMap(({ headline }) => headline ?? [])
  const [newest] = all
  if (!newest) return null
  const values = all.filter((headline) => same(headline, newest)).slice(0, most).map(({ value }) => value)
  const [last = newest.value, before] = values
  return { headline: newest, best: bestOf(values, newest), values: values.toReversed(), change: before === undefined ? null : last - before }
}

function bestOf(values: number[], { better, value }: Headline): number {
  if (better === null) return value
  return better === 'high' ? Math.max(...values) : Math.min(...values)
}

/** A chart of the metric over all these runs, oldest first; the runs with a name are larger, in the colours of their places. Null with fewer than three values. */
export function trendChart(runs: readonly RunBrief[], named: readonly { id: string; name: string }[]): { title: string; description: string; spec: Record<string, unknown> } | null {
  const trend = trendOf(runs, runs.length)
  if (!trend || trend.values.length < 3) return null
  const { title } = trend.headline
  const values = runs.toReversed().flatMap((run) => {
    const value = valueIn(run, trend.headline)
    return value === null ? [] : [{ id: run.id, value, name: named.find(({ id }) => id === run.id)?.name ?? null }]
  }).map((point, at) => ({ ...point, run: at + 1 }))
  const x = { field: 'run', type: 'quantitative', title: 'Run', axis: { tickMinStep: 1, tickCount: Math.min(values.length, 12), format: 'd' } }
  const y = { field: 'value', type: 'quantitative', title, scale: { zero: false }, axis: { tickCount: 4 } }
  const names = named.map(({ name }) => name)
  return {
    title: `${title} over all runs`, description: `${title} of ${values.length} runs, oldest first.`,
    spec: {
      data: { values }, encoding: { x, y },
      layer: [
        { mark: { type: 'line', strokeWidth: 1.5, opacity: 0.45, point: { size: 24, opacity: 1 } } },
        { transform: [{ filter: 'datum.name !== null' }], mark: { type: 'point', size: 100, opacity: 1 }, encoding: { color: { field: 'name', type: 'nominal', scale: { domain: names }, legend: null } } },
      ],
    },
  }
}

/** The value of a run that is comparable with the metric; null where it has another one. */
export const valueIn = ({ headline }: RunBrief, of: Headline): number | null => (headline && same(headline, of) ? headline.value : null)

/** The metric of a followed run: that of the last report in its flow. */
export function headlineOf({ graph, steps }: Pick<Run, 'graph' | 'steps'>): Headline | null {
  const all = flowOrder(graph).flatMap((node) => Object.entries(steps[node]?.outputs ?? {}).flatMap(([port, { headline }]) => (headline ? [{ ...headline, node, port }] : [])))
  return all.at(-1) ?? null
}
