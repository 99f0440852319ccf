import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { counted, duration } from '../../core/base/numbers'
import { isFinished, runSeconds, waitsFor, type Run } from '../../core/runs/runs'
import { cancel, useRun } from '../../state/run'
import { useMayEdit } from '../../state/workspace'
import { Failure } from '../../ui/Failure'
import { Timestamp } from '../../ui/Timestamp'
import { StateWords } from '../../ui/StateWords'
import { useNow } from '../../ui/useNow'
import classes from './runs.module.css'

export function RunHead({ run }: { run: Run }) {
  const going = !isFinished(run.state)
  const now = useNow(going)
  const cancelling = useRun((state) => state.cancelling)
  const error = useRun((state) => state.error)
  const edits = useMayEdit(run.workspace)
  const steps = Object.values(run.steps)
  return (
    <header className={classes.head}>
      <h1>{run.pipeline?.name ?? run.graph.name}</h1>
      <div className={classes.facts}>
        <StateWords state={run.state} />
        {waitsFor(run) && <span>{waitsFor(run)}</span>}
        <Timestamp at={run.created_at} />
        <span className="figures">{duration(runSeconds(run, now))}</span>
        <span>{steps.filter((step) => step.state === 'done').length} of {counted(steps.length, 'step')} done</span>
        {run.started_by && <span>{run.started_by}</span>}
      </div>
      <div className={classes.actions}>
        {going && edits && <Button size="xs" variant="default" loading={cancelling} onClick={() => void cancel()}>Cancel</Button>}
        {run.pipeline && <Button size="xs" variant="default" component={Link} href={`/pipelines/${run.pipeline.id}`}>Open pipeline</Button>}
      </div>
      {error && <Failure error={error} />}
    </header>
  )
}
