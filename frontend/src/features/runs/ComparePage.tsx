/** Runs side by side, on a page with an address of its own. */
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useSearchParams } from 'wouter'
import type { Reports } from '../../core/runs/compare'
import type { Run } from '../../core/runs/runs'
import { getReport, getRun } from '../../server/rest'
import { loadCatalogue } from '../../state/catalogue'
import { useEnter } from '../../state/workspace'
import { Empty } from '../../ui/Empty'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { CompareRuns } from './CompareRuns'
import classes from './compare.module.css'

interface Compared {
  runs: Run[]
  reports: Reports[]
}

/** Newest first. */
async function compared(ids: string[]): Promise<Compared> {
  const runs = (await Promise.all(ids.map(getRun))).sort((one, two) => two.created_at.localeCompare(one.created_at))
  return { runs, reports: await Promise.all(runs.map(reportsOf)) }
}

async function reportsOf(run: Run): Promise<Reports> {
  const places = Object.entries(run.steps).flatMap(([node, { outputs }]) =>
    Object.entries(outputs).filter(([, output]) => output.kind === 'report').map(([port]) => ({ run: run.id, node, port })))
  const reports = await Promise.all(places.map(async (place) => [place.node, await getReport(place)] as const))
  return Object.fromEntries(reports)
}

export default function ComparePage() {
  const [params] = useSearchParams()
  const ids = [...new Set(params.getAll('run'))]
  const query = useQuery({ queryKey: ['compare', ids], queryFn: () => compared(ids), enabled: ids.length > 1 })
  useEffect(() => void loadCatalogue(), [])
  useEnter(query.data?.runs[0]?.workspace)
  return (
    <div className={classes.page}>
      {ids.length < 2
        ? <Empty title="No runs to compare">Select two runs or more under Runs in the drawer of a pipeline.</Empty>
        : <QueryBoundary query={query}>{({ runs, reports }) => <CompareRuns runs={runs} reports={reports} baseline={params.get('baseline')} />}</QueryBoundary>}
    </div>
  )
}
