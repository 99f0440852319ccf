import { isFinished, type Run } from '../../core/runs'
import { useWhy } from '../../state/why'
import { Asked } from '../../ui/Asked'
import { Empty } from '../../ui/Empty'
import { WhyView } from '../../ui/WhyView'
import classes from './runs.module.css'

/** Why a step was reused, or what differs from the nearest earlier result. */
export function StepWhy({ run, node }: { run: Run; node: string }) {
  const step = run.steps[node]
  if (!step || !isFinished(step.state)) return <Empty title="Not known yet">It shows here as soon as the step has finished.</Empty>
  return <Answer run={run.id} node={node} />
}

function Answer({ run, node }: { run: string; node: string }) {
  return <div className={classes.why}><Asked query={useWhy(run, node)}>{(why) => <WhyView why={why} />}</Asked></div>
}
