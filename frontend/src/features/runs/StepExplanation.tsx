import { isFinished, type Run } from '../../core/runs/runs'
import { useExplanation } from '../../state/explanation'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Empty } from '../../ui/Empty'
import { ExplanationView } from '../../ui/ExplanationView'
import classes from './runs.module.css'

/** Why a step was reused, or what differs from the nearest earlier result. */
export function StepExplanation({ run, node }: { run: Run; node: string }) {
  const step = run.steps[node]
  if (!step || !isFinished(step.state)) return <Empty title="Not available yet">It appears here when the step has finished.</Empty>
  return <LoadedExplanation run={run.id} node={node} reason={step.why} />
}

function LoadedExplanation({ run, node, reason }: { run: string; node: string; reason: string | null }) {
  return <div className={classes.why}><QueryBoundary query={useExplanation(run, node, true)}>{(why) => <ExplanationView why={why} reason={reason} />}</QueryBoundary></div>
}
