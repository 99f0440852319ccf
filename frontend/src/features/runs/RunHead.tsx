import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { counted, duration } from '../../core/base/numbers'
import { lineageAddress } from '../../core/runs/lineage'
import { isSearch } from '../../core/runs/candidates'
import { isFinished, runSeconds, starterOf, waitsFor, type Run } from '../../core/runs/runs'
import { scoredOutputs, scoringAddress } from '../../core/runs/scoring'
import { cancel, useRun } from '../../state/run'
import { useMayEdit } from '../../state/workspace'
import { Failure } from '../../ui/Failure'
import { PageHead } from '../../ui/Page'
import { Timestamp } from '../../ui/Timestamp'
import { StateWords } from '../../ui/StateWords'
import { useNow } from '../../ui/useNow'
import { Verdict, Verify } from './Verification'
import classes from './RunPage.module.css'

export function RunHead({ run }: { run: Run }) {
  const going = !isFinished(run.state)
  const now = useNow(going)
  const cancelling = useRun((state) => state.cancelling)
  const error = useRun((state) => state.error)
  const edits = useMayEdit(run.workspace)
  const steps = Object.values(run.steps)
  const scored = scoredOutputs(run).length > 0
  const facts = (
    <>
      <StateWords state={run.state} />
      {waitsFor(run) && <span>{waitsFor(run)}</span>}
      <span>{steps.filter((step) => step.state === 'done').length} of {counted(steps.length, 'step')} done</span>
      <Timestamp at={run.created_at} />
      <span>{duration(runSeconds(run, now))}</span>
      <span>{starterOf(run)}</span>
      {Object.entries(run.parameters).map(([name, { value, source }]) => <span key={name}>{name} = {typeof value === 'string' ? value : JSON.stringify(value)}{source === 'default' || source.startsWith('preset ') ? ` (${source})` : ''}</span>)}
    </>
  )
  const actions = (
    <>
      <Button variant="subtle" component={Link} href={lineageAddress(`run:${run.id}`)}>Lineage</Button>
      {!going && <Button variant="subtle" component="a" href={`/api/runs/${run.id}/receipt/`} download={`receipt-${run.id}.json`}>Receipt</Button>}
      {!going && scored && <Button variant="default" component={Link} href={scoringAddress(run.id)}>Scoring pipeline</Button>}
      {run.state === 'done' && edits && scored && <Button variant="default" component={Link} href={`/endpoints?run=${run.id}`}>Publish</Button>}
      {run.pipeline && edits && <Button variant="subtle" component={Link} href={`/published?pipeline=${run.pipeline.id}`}>Publish as address</Button>}
      {!going && edits && <Verify run={run.id} />}
      {going && edits && <Button variant="default" data-once loading={cancelling} onClick={() => void cancel()}>Cancel</Button>}
      {run.sweep && <Button variant="default" component={Link} href={`/sweeps/${run.sweep}`}>Sweep</Button>}
      {Object.values(run.graph.nodes).some(({ module }) => isSearch(module)) && <Button variant="default" component={Link} href={`/automl/${run.id}`}>Leaderboard</Button>}
      {run.pipeline && <Button variant="default" component={Link} href={`/pipelines/${run.pipeline.id}`}>Open pipeline</Button>}
    </>
  )
  return (
    <div className={classes.head}>
      <PageHead title={run.pipeline?.name ?? run.graph.name} facts={facts} actions={actions} />
      {run.verifies && <Verdict run={run} />}
      {error && <Failure error={error} />}
    </div>
  )
}
