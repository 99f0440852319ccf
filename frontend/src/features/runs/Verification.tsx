/** Executes a run again to see whether it repeats, and says what came of it. */
import { Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { Link, useLocation } from 'wouter'
import { isFinished, type Run } from '../../core/runs/runs'
import { nodeTitle } from '../../core/graph/connect'
import type { Graph } from '../../core/graph/graph'
import { getVerdict, verifyRun } from '../../server/rest'
import { useCatalogue } from '../../state/catalogue'
import { followRun } from '../../state/run'
import { StateMark } from '../../ui/StateMark'
import classes from './RunPage.module.css'

export function Verify({ run }: { run: string }) {
  const [, go] = useLocation()
  const verify = async () => {
    const started = await followRun(() => verifyRun(run))
    if (started) go(`/runs/${started.id}`)
  }
  return <Tooltip label="Executes every step again, but those that write outside Easel, and compares the results, to the last bit."><Button variant="default" data-once onClick={() => void verify()}>Verify</Button></Tooltip>
}

export function Verdict({ run }: { run: Run }) {
  const catalogue = useCatalogue()
  const over = isFinished(run.state)
  const { data: verdict } = useQuery({ queryKey: ['verdict', run.id, over], queryFn: () => getVerdict(run.id), retry: false })
  if (!verdict) return null
  const earlier = <Link href={`/runs/${verdict.against}`}>an earlier run</Link>
  return (
    <p className={classes.verdict} role="status">
      <StateMark state={verdict.state === 'going' ? 'running' : verdict.state === 'equal' ? 'done' : 'failed'} size={14} />
      <span>Verifies {earlier}. {verdict.node && <strong>{nodeTitle(run.graph as Graph, catalogue, verdict.node)}: </strong>}{verdict.words}{verdict.newer?.map((data) => <Fragment key={data.dataset}> <Link href={`/datasets/${data.dataset}`}>{data.title}</Link> has version {data.newest} by now; both runs read version {data.version}.</Fragment>)}</span>
    </p>
  )
}
