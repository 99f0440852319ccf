import { useQuery } from '@tanstack/react-query'
import { differences, metricsSideBySide, runHeads, timesSideBySide, type Reports } from '../../core/compare'
import { duration, metric } from '../../core/numbers'
import type { Run } from '../../core/runs'
import { getReport, getRun } from '../../server/rest'
import { useTitles } from '../../state/catalogue'
import { Asked } from '../../ui/Asked'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'
import classes from './runs.module.css'

interface Compared {
  runs: Run[]
  reports: Reports[]
}

async function compared(ids: string[]): Promise<Compared> {
  const runs = await Promise.all(ids.map(getRun))
  return { runs, reports: await Promise.all(runs.map(reportsOf)) }
}

async function reportsOf(run: Run): Promise<Reports> {
  const places = Object.entries(run.steps).flatMap(([node, { outputs }]) =>
    Object.entries(outputs).filter(([, output]) => output.kind === 'report').map(([port]) => ({ run: run.id, node, port })))
  const reports = await Promise.all(places.map(async (place) => [place.node, await getReport(place)] as const))
  return Object.fromEntries(reports)
}

/** Runs side by side, oldest first. */
export function CompareRuns({ ids }: { ids: string[] }) {
  const query = useQuery({ queryKey: ['compare', ids], queryFn: () => compared(ids) })
  return <Asked query={query}>{(found) => <Comparison {...found} />}</Asked>
}

function Comparison({ runs, reports }: Compared) {
  const titleOf = useTitles()
  const settings = differences(runs, titleOf)
  const metrics = metricsSideBySide(runs, reports, titleOf)
  return (
    <div className={classes.comparison}>
      <Section title="Metrics">
        {metrics.length === 0 ? <Empty title="No metrics">Add Evaluate Model to a pipeline to compare how well its models do.</Empty>
          : <SideBySide runs={runs} rows={metrics.map((one) => [one.title, ...one.values.map((value) => metric(value))])} numbers />}
      </Section>
      <Section title="Settings that differ">
        {settings.length === 0 ? <Empty title="No setting differs">These runs are of the same graph.</Empty>
          : <SideBySide runs={runs} rows={settings.map((one) => [`${one.title}, ${one.what.replaceAll('_', ' ')}`, ...one.values.map((value) => value ?? 'default')])} />}
      </Section>
      <Section title="Time of each step">
        <SideBySide runs={runs} rows={timesSideBySide(runs, titleOf).map((one) => [one.title, ...one.values.map((value) => (value === 'reused' ? value : duration(value)))])} numbers />
      </Section>
    </div>
  )
}

function SideBySide({ runs, rows, numbers }: { runs: Run[]; rows: string[][]; numbers?: boolean }) {
  const heads = runHeads(runs)
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead>
          <tr><td />{runs.map((run, place) => <th key={run.id} scope="col" data-number={numbers}>{heads[place]}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, place) => <td key={place} data-number={numbers}>{new Set(values).size > 1 ? <strong>{value}</strong> : value}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
