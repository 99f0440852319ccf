import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'wouter'
import { best, changes, differences, metricsSideBySide, runHeads, timesSideBySide, type Change, type Figure, type Reports } from '../../core/runs/compare'
import { duration, metric } from '../../core/base/numbers'
import type { Run } from '../../core/runs/runs'
import { getReport, getRun } from '../../server/rest'
import { useTitles } from '../../state/catalogue'
import { QueryBoundary } from '../../ui/QueryBoundary'
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
  return <QueryBoundary query={query}>{(found) => <Comparison {...found} />}</QueryBoundary>
}

function Comparison({ runs, reports }: Compared) {
  const titleOf = useTitles()
  const settings = differences(runs, titleOf)
  const metrics = metricsSideBySide(runs, reports, titleOf)
  return (
    <div className={classes.comparison}>
      <Section title="Metrics">
        {metrics.length === 0 ? <Empty title="No metrics">Add Evaluate Model to a pipeline to compare its models.</Empty>
          : <SideBySide runs={runs} rows={metrics.map((one) => ({ title: one.title, cells: cellsOf(one) }))} numbers />}
      </Section>
      <Section title="Different settings">
        {settings.length === 0 ? <Empty title="No different settings">These runs have the same graph.</Empty>
          : <SideBySide runs={runs} rows={settings.map((one) => ({ title: `${one.title}, ${one.what.replaceAll('_', ' ')}`, cells: one.values.map((value) => value ?? 'default') }))} />}
      </Section>
      <Section title="Time per step">
        <SideBySide runs={runs} rows={timesSideBySide(runs, titleOf).map((one) => ({ title: one.title, cells: one.values.map((value) => (value === 'reused' ? value : duration(value))) }))} numbers />
      </Section>
    </div>
  )
}

/** The best value is bold; each later one shows its change since the first run. Shape and sign repeat what colour shows. */
function cellsOf(figure: Figure): ReactNode[] {
  const bold = best(figure)
  return figure.values.map((value, place) => {
    const change = changes(figure)[place]
    return (
      <Fragment key={place}>
        {bold.includes(place) ? <strong>{metric(value)}</strong> : metric(value)}
        {change && <ChangeMark change={change} />}
      </Fragment>
    )
  })
}

function ChangeMark({ change: { by, verdict } }: { change: Change }) {
  const mark = verdict === 'better' ? '▲' : verdict === 'worse' ? '▼' : ''
  const amount = `${by > 0 ? '+' : '−'}${metric(Math.abs(by))}`
  return <span className={classes.change} data-verdict={verdict ?? undefined} title={verdict ? `${verdict === 'better' ? 'Better' : 'Worse'} than the first run` : undefined}>{mark && <span role="img" aria-label={verdict ?? undefined}>{mark}</span>} {amount}</span>
}

interface Row {
  title: string
  cells: ReactNode[]
}

function SideBySide({ runs, rows, numbers }: { runs: Run[]; rows: Row[]; numbers?: boolean }) {
  const heads = runHeads(runs)
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead>
          <tr><td />{runs.map((run, place) => <th key={run.id} scope="col" data-number={numbers}><Link href={`/runs/${run.id}`}>{heads[place]}</Link></th>)}</tr>
        </thead>
        <tbody>
          {rows.map(({ title, cells }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {cells.map((cell, place) => <td key={place} data-number={numbers}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
