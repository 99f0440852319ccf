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

/** Charts of what counts for the winner, and of how its predictions move with it. */
const explains = (block: Block) => block.type === 'chart' && (block.role === 'importance' || block.role === 'partial_dependence')

/** The node that evaluates what the winner predicts of left-out rows. */
function evaluationIn({ graph }: Run, node: string): string | null {
  const edge = graph.edges.find(([from, to]) => from === `${node}.predictions` && graph.nodes[splitEnd(to).node]?.module === 'evaluation.evaluate_model')
  return edge ? splitEnd(edge[1]).node : null
}

/** Why the winner predicts what it predicts, and how good it is: by the views of reports. */
export function Explained({ run, node, report }: { run: Run; node: string; report: Report }) {
  const blocks = report.blocks.filter(explains)
  const judged = evaluationIn(run, node)
  return (
    <>
      {blocks.length > 0 && <section aria-label="What the winner uses" className={classes.report}><Suspense fallback={waiting}><ReportView report={{ title: '', metrics: [], blocks }} title="What the winner uses" /></Suspense></section>}
      {judged && <Evaluation run={run} node={judged} />}
    </>
  )
}

function Evaluation({ run, node }: { run: Run; node: string }) {
  const step = run.steps[node]
  const output = step?.outputs.report
  const place = { run: run.id, node, port: 'report' }
  const report = useQuery({ queryKey: ['report', place, output?.digest], queryFn: () => getReport(place), enabled: output !== undefined, staleTime: Infinity })
  if (step?.error) return <Failure error={step.error} />
  if (!report.data) return step && !isFinished(step.state) ? waiting : null
  return <section aria-label="How good it is on left-out rows" className={classes.report}><Suspense fallback={waiting}><ReportView report={report.data} title="How good it is on left-out rows" /></Suspense></section>
}
