import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { Block, Report } from '../../core/data/reports'
import { splitEnd } from '../../core/graph/graph'
import { isFinished, type Run } from '../../core/runs/runs'
import { getReport } from '../../server/rest'
import { Failure } from '../../ui/Failure'
import classes from './search.module.css'

const ReportView = lazy(async () => ({ default: (await import('../../ui/report')).ReportView }))
const waiting = <Center h={160}><Loader size="sm" /></Center>

/** Charts of what counts for the winner, and of how its predictions move with it; of a forecast its errors and series. */
const explains = (block: Block) => block.type === 'forecast' || (block.type === 'chart' && ['importance', 'partial_dependence', 'forecast_steps'].includes(block.role ?? ''))

const FOLLOWS = { predictions: 'evaluation.evaluate_model', forecaster: 'forecasting.forecast' }
const TITLES = { predictions: 'How good it is on left-out rows', forecaster: 'What it forecasts' }
type Follows = keyof typeof FOLLOWS

/** The node that shows what comes of an output of the search. */
function after({ graph }: Run, node: string, port: Follows): string | null {
  const edge = graph.edges.find(([from, to]) => from === `${node}.${port}` && graph.nodes[splitEnd(to).node]?.module === FOLLOWS[port])
  return edge ? splitEnd(edge[1]).node : null
}

/** Why the winner predicts what it predicts, how good it is, and what it forecasts: by the views of reports. */
export function Explained({ run, node, report }: { run: Run; node: string; report: Report }) {
  const blocks = report.blocks.filter(explains)
  const title = blocks.some(({ type }) => type === 'forecast') ? 'How good the winner is' : 'What the winner uses'
  return (
    <>
      {blocks.length > 0 && <section aria-label={title} className={classes.report}><Suspense fallback={waiting}><ReportView report={{ title: '', metrics: [], blocks }} title={title} /></Suspense></section>}
      {(['predictions', 'forecaster'] as const).map((port) => <After key={port} run={run} node={after(run, node, port)} title={TITLES[port]} />)}
    </>
  )
}

function After({ run, node, title }: { run: Run; node: string | null; title: string }) {
  const step = run.steps[node ?? '']
  const output = step?.outputs.report
  const place = { run: run.id, node: node ?? '', port: 'report' }
  const report = useQuery({ queryKey: ['report', place, output?.digest], queryFn: () => getReport(place), enabled: output !== undefined, staleTime: Infinity })
  if (step?.error) return <Failure error={step.error} />
  if (!report.data) return step && !isFinished(step.state) ? waiting : null
  return <section aria-label={title} className={classes.report}><Suspense fallback={waiting}><ReportView report={report.data} title={title} /></Suspense></section>
}
