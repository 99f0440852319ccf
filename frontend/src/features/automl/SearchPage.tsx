/** A search for the best model: its leaderboard while it goes on, and what it found. */
import { useQuery } from '@tanstack/react-query'
import { IconTrophy } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Link, useSearchParams } from 'wouter'
import { BEST_FORECAST, candidatesOf, isSearch, lateTrials, metricOf, notApart, scoresOverTime } from '../../core/runs/candidates'
import { isFinished, type Run } from '../../core/runs/runs'
import { getReport } from '../../server/rest'
import { loadCatalogue } from '../../state/catalogue'
import { attach, detach, useRun } from '../../state/run'
import { useTried } from '../../state/searches'
import { useEnter, useMayEdit } from '../../state/workspace'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { NotFound } from '../../ui/NotFound'
import { Explained } from './Explained'
import { Guardrails } from './Guardrails'
import { Leaderboard } from './Leaderboard'
import { Outcome } from './Outcome'
import { ProgressChart } from './ProgressChart'
import classes from './search.module.css'
import { SearchHead } from './SearchHead'

/** The node of the search: the one that the address names, else the first of its module. */
function searchIn({ graph }: Run, wanted: string | null): string | null {
  const nodes = Object.entries(graph.nodes).filter(([, { module }]) => isSearch(module)).map(([id]) => id)
  return nodes.find((id) => id === wanted) ?? nodes[0] ?? null
}

export default function SearchPage({ id }: { id: string }) {
  useEffect(() => void loadCatalogue(), [])
  const [query] = useSearchParams()
  const run = useRun((state) => (state.run?.id === id ? state.run : null))
  const error = useRun((state) => state.error)
  useEnter(run?.workspace)
  useEffect(() => {
    void attach(id)
    return detach
  }, [id])
  if (error?.status === 404 && !run) return <NotFound what="Search"><Link href="/runs">All runs</Link></NotFound>
  if (error && !run) return <div className={classes.page}><Failure error={error} onRetry={() => void attach(id)} /></div>
  if (!run) return <div className={classes.page} aria-busy><ListSkeleton rows={10} /></div>
  const node = searchIn(run, query.get('node'))
  if (!node) return <Empty page title="This run has no search" icon={IconTrophy} actions={<Link href={`/runs/${id}`}>Open the run</Link>}>A search for the best model is made by the modules Train Best Model and Train Best Forecasting Model.</Empty>
  return <Search key={node} run={run} node={node} />
}

function Search({ run, node }: { run: Run; node: string }) {
  const { items, fan, loading, error: untold, retry } = useTried(run.id, node)
  const error = useRun((state) => state.error)
  const step = run.steps[node]
  const output = step?.outputs.report
  const place = { run: run.id, node, port: 'report' }
  const report = useQuery({ queryKey: ['report', place, output?.digest], queryFn: () => getReport(place), enabled: output !== undefined, staleTime: Infinity })
  const entry = report.data?.metrics[0]
  const found = entry?.search
  const candidates = candidatesOf(items)
  const metric = metricOf(items) ?? (found ? { title: found.metric, better: found.better } : null)
  const params = run.graph.nodes[node]?.params
  const forecast = run.graph.nodes[node]?.module === BEST_FORECAST
  const mayEdit = useMayEdit(run.workspace)
  const label = String((forecast ? params?.value : params?.label) ?? '')
  const going = !isFinished(run.state)
  const winner = entry?.pipeline ? place : null
  const opens = { place: winner, mayEdit, why: going ? 'It opens as a pipeline when the search has ended.' : run.state === 'done' ? 'It does not open as a pipeline: the report of the search has none.' : 'It does not open as a pipeline: the search did not end. Continue it, or search for a shorter time.' }
  const equal = metric ? notApart(candidates, metric.better) : 0
  return (
    <div className={classes.page}>
      <SearchHead run={run} node={node} title={`Best ${forecast ? 'forecast of' : 'model for'} ${label}`} metric={metric} fan={fan} late={lateTrials(items)} winner={winner} />
      {error && <Failure error={error} />}
      {step?.error && <Failure error={step.error} />}
      {report.error && <Failure error={{ words: 'The report of the search could not be loaded.', remedy: 'Try again.' }} onRetry={() => void report.refetch()} />}
      <div className={classes.columns}>
        <div className={classes.main}>
          {entry && found && <Outcome name={entry.name} found={found} />}
          {untold !== null && <Failure error={{ words: 'The trials of the search could not be loaded.', remedy: 'Try again.' }} onRetry={retry} />}
          {(untold === null || items.length > 0) && <Leaderboard loading={loading} candidates={candidates} metric={metric} going={going} parts={forecast ? 'origin' : 'fold'} winner={entry && found && found.weights.length > 1 ? { name: entry.name, ...found.score } : null} weights={found?.weights ?? []} others={found?.others ?? {}} opens={opens} />}
          {equal > 1 && !going && <p className={classes.note}>The first {equal} models do not differ: their scores are within one standard error of the best.</p>}
          <Guardrails run={run} node={node} found={found?.guardrails ?? null} />
        </div>
        <aside className={classes.side} aria-label="How it went">
          <Box title="Best so far" end={<span className={classes.soft}>{metric?.title}</span>}><ProgressChart reached={scoresOverTime(items)} metric={metric} /></Box>
          {found && found.weights.length > 1 && <Weights weights={found.weights} />}
        </aside>
      </div>
      {report.data && <Explained run={run} node={node} report={report.data} />}
    </div>
  )
}

/** How much each model counts in the blend. */
function Weights({ weights }: { weights: { name: string; weight: number }[] }) {
  const all = weights.reduce((sum, { weight }) => sum + weight, 0)
  return (
    <Box title="Weights in the blend">
      <ul className={classes.weights}>
        {weights.map(({ name, weight }) => (
          <li key={name}><span>{name}</span><span className={classes.bar} aria-hidden><span style={{ width: `${(100 * weight) / all}%` }} /></span><span className="figures">{Math.round((100 * weight) / all)}&nbsp;%</span></li>
        ))}
      </ul>
    </Box>
  )
}
