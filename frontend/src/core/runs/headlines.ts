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

/** The value of a run that is comparable with the metric; null where it has another one. */
export const valueIn = ({ headline }: RunBrief, of: Headline): number | null => (headline && same(headline, of) ? headline.value : null)

/** The metric of a followed run: that of the last report in its flow. */
export function headlineOf({ graph, steps }: Pick<Run, 'graph' | 'steps'>): Headline | null {
  const all = flowOrder(graph).flatMap((node) => Object.entries(steps[node]?.outputs ?? {}).flatMap(([port, { headline }]) => (headline ? [{ ...headline, node, port }] : [])))
  return all.at(-1) ?? null
}
