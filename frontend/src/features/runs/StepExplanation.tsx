import type { Module } from '../../core/catalogue/catalogue'
import { isFinished, type Run } from '../../core/runs/runs'
import { useCatalogue } from '../../state/catalogue'
import { useExplanation } from '../../state/explanation'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Empty } from '../../ui/Empty'
import { ExplanationView } from '../../ui/ExplanationView'
import classes from './runs.module.css'

/** Why a step was reused, or what differs from the nearest earlier result. */
export function StepExplanation({ run, node }: { run: Run; node: string }) {
  const module = useCatalogue().module(run.graph.nodes[node]?.module ?? '')
  const step = run.steps[node]
  if (!step || !isFinished(step.state)) return <Empty title="Not available yet">It appears here when the step has finished.</Empty>
  return <LoadedExplanation run={run.id} node={node} module={module} reason={step.why} />
}

function LoadedExplanation({ run, node, module, reason }: { run: string; node: string; module: Module | undefined; reason: string | null }) {
  return <div className={classes.why}><QueryBoundary query={useExplanation(run, node, true)}>{(why) => <ExplanationView why={why} module={module} reason={reason} />}</QueryBoundary></div>
}
