import { Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { duration } from '../../core/base/numbers'
import { isFinished, runSeconds, type RunBrief } from '../../core/runs/runs'
import type { Workspace } from '../../core/team/people'
import { getRuns } from '../../server/rest'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { Timestamp } from '../../ui/Timestamp'
import { Page } from '../../ui/Page'
import { StateWords } from '../../ui/StateWords'
import { useNow } from '../../ui/useNow'

const STATES = [
  { value: 'running', label: 'Running' }, { value: 'waiting', label: 'Waiting' }, { value: 'done', label: 'Done' },
  { value: 'failed', label: 'Failed' }, { value: 'cancelled', label: 'Cancelled' },
]
const FRESH_EVERY = 4000

/** Every run of the workspace, newest first. */
export default function RunsPage({ workspace: { id: workspace } }: { workspace: Workspace }) {
  const [state, setState] = useState<string | null>(null)
  const runs = useQuery({
    queryKey: ['runs', { workspace }], queryFn: () => getRuns({ workspace }),
    refetchInterval: (query) => (query.state.data?.some((run) => !isFinished(run.state)) ? FRESH_EVERY : false),
  })
  return (
    <Page title="Runs" actions={<Select aria-label="State" placeholder="Any state" clearable w={140} data={STATES} value={state} onChange={setState} />}>
      <QueryBoundary query={runs}>{(all) => <Runs runs={all.filter((run) => state === null || run.state === state)} any={all.length > 0} />}</QueryBoundary>
    </Page>
  )
}

function Runs({ runs, any }: { runs: RunBrief[]; any: boolean }) {
  const now = useNow(runs.some((run) => !isFinished(run.state)))
  if (runs.length === 0) {
    return any ? <Empty title="No runs in this state" /> : <Empty title="No runs yet">Open a pipeline and press Run. Runs are listed here with their graph and results.</Empty>
  }
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead>
          <tr><th scope="col">Pipeline</th><th scope="col">State</th><th scope="col">Started</th><th scope="col" data-number>Duration</th><th scope="col">Started by</th></tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td><Link href={`/runs/${run.id}`}>{run.pipeline?.name ?? 'Deleted pipeline'}</Link></td>
              <td><StateWords state={run.state} />{run.waiting_for && <Text fz={12} c="dimmed" maw={300} style={{ whiteSpace: 'normal' }}>{run.waiting_for}</Text>}</td>
              <td className={list.soft}><Timestamp at={run.created_at} /></td>
              <td data-number>{duration(runSeconds(run, now))}</td>
              <td className={list.soft}>{run.started_by ?? 'Former member'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
