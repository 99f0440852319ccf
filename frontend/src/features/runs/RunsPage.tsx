import { Button, NativeSelect } from '@mantine/core'
import { IconFilterOff, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { duration } from '../../core/base/numbers'
import { isFinished, runSeconds, starterOf, type RunBrief } from '../../core/runs/runs'
import type { Workspace } from '../../core/team/people'
import { getRuns } from '../../server/rest'
import { Box } from '../../ui/Box'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Empty } from '../../ui/Empty'
import { ListSkeleton } from '../../ui/ListSkeleton'
import list from '../../ui/list.module.css'
import { Timestamp } from '../../ui/Timestamp'
import { Page } from '../../ui/Page'
import { StateWords } from '../../ui/StateWords'
import { useNow } from '../../ui/useNow'
import classes from './RunPage.module.css'

const STATES = [
  { value: '', label: 'Any state' },
  { value: 'running', label: 'Running' }, { value: 'waiting', label: 'Waiting' }, { value: 'done', label: 'Done' },
  { value: 'failed', label: 'Failed' }, { value: 'cancelled', label: 'Cancelled' },
]
const FRESH_EVERY = 4000

/** Every run of the workspace, newest first. */
export default function RunsPage({ workspace: { id: workspace } }: { workspace: Workspace }) {
  const [state, setState] = useState('')
  const runs = useQuery({
    queryKey: ['runs', { workspace }], queryFn: () => getRuns({ workspace }),
    refetchInterval: (query) => (query.state.data?.some((run) => !isFinished(run.state)) ? FRESH_EVERY : false),
  })
  return (
    <Page
      title="Runs"
      actions={<><Button variant="default" component={Link} href="/sweeps">Sweeps</Button><NativeSelect miw={140} aria-label="State" data={STATES} value={state} onChange={(event) => setState(event.currentTarget.value)} /></>}
    >
      <QueryBoundary query={runs} skeleton={<ListSkeleton rows={12} />}>{(all) => <Runs runs={all.filter((run) => state === '' || run.state === state)} any={all.length > 0} />}</QueryBoundary>
    </Page>
  )
}

function Runs({ runs, any }: { runs: RunBrief[]; any: boolean }) {
  const now = useNow(runs.some((run) => !isFinished(run.state)))
  if (runs.length === 0) {
    return any ? <Box><Empty title="No runs in this state" icon={IconFilterOff}>Select another state.</Empty></Box> : <Box><Empty title="No runs yet" icon={IconPlayerPlay}>Open a pipeline and press Run. Runs are listed here with their graph and results.</Empty></Box>
  }
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead>
          <tr><th scope="col">Pipeline</th><th scope="col">State</th><th scope="col">Started</th><th scope="col" data-number data-wide>Duration</th><th scope="col" data-wide>Started by</th></tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td data-name><Link href={`/runs/${run.id}`}>{run.pipeline?.name ?? 'Deleted pipeline'}</Link></td>
              <td><StateWords state={run.state} />{run.waiting_for && <div className={classes.waiting}>{run.waiting_for}</div>}</td>
              <td className={list.soft}><Timestamp at={run.created_at} /></td>
              <td data-number data-wide>{duration(runSeconds(run, now))}</td>
              <td data-wide className={list.soft}>{starterOf(run)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
