import { executionWords } from '../../core/graph/execution'
import { exactly } from '../../core/base/numbers'
import type { Run } from '../../core/runs/runs'
import { SettingsList } from '../../ui/SettingsList'
import classes from './runs.module.css'

/** The settings a step ran with, and the facts of its execution. */
export function StepSettings({ run, node }: { run: Run; node: string }) {
  const step = run.steps[node]
  const how = executionWords({ ...run.graph.execution, ...run.graph.nodes[node]?.execution })
  return (
    <div className={classes.settings}>
      {step?.why && <p>{step.why}</p>}
      {step?.started_at && <p>Started {exactly(step.started_at)}{step.attempt > 1 && `, attempt ${step.attempt}`}.</p>}
      {how.length > 0 && <p>{how.join('. ')}.</p>}
      <SettingsList params={run.graph.nodes[node]?.params ?? {}} />
    </div>
  )
}
