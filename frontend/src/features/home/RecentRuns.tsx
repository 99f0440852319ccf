import { Anchor, Skeleton } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { duration } from '../../core/base/numbers'
import { isFinished, runSeconds, type RunBrief } from '../../core/runs/runs'
import { useMemberColours } from '../../state/members'
import { recentRunsQuery } from '../../state/pipelines'
import { Avatar } from '../../ui/Avatar'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import { useNow } from '../../ui/useNow'
import { Metric } from './Metric'
import classes from './Recent.module.css'

const SHOWN = 6
const FRESH_EVERY = 5000

/** The newest runs of the workspace. */
export function RecentRuns({ workspace }: { workspace: string }) {
  const runs = useQuery({
    ...recentRunsQuery(workspace), refetchInterval: (query) => (query.state.data?.some((run) => !isFinished(run.state)) ? FRESH_EVERY : false),
  })
  return (
    <Box title="Recent runs" end={<Anchor component={Link} href="/runs" fz={13}>All runs</Anchor>}>
      <QueryBoundary query={runs} skeleton={<Loading />}>
        {(all) => all.length === 0 ? <Empty title="No runs yet" icon={IconPlayerPlay}>Open a pipeline and press Run.</Empty> : <List runs={all.slice(0, SHOWN)} workspace={workspace} />}
      </QueryBoundary>
    </Box>
  )
}

function Loading() {
  return <div aria-busy>{Array.from({ length: SHOWN }, (_, at) => <div key={at} className={classes.run}><Skeleton h={16} w={16} circle /><Skeleton h={12} w="60%" /></div>)}</div>
}

function List({ runs, workspace }: { runs: RunBrief[]; workspace: string }) {
  const colours = useMemberColours(workspace)
  const now = useNow(runs.some((run) => !isFinished(run.state)))
  return (
    <ul className={classes.runs}>
      {runs.map((run) => (
        <li key={run.id}>
          <Link href={`/runs/${run.id}`} className={classes.run}>
            <StateMark state={run.state} />
            <span className={classes.words}>
              <span className={classes.name}>{run.pipeline?.name ?? 'Deleted pipeline'}</span>
              <span className={classes.soft}>
                {run.state !== 'done' && `${STATE_WORDS[run.state]} · `}<Timestamp at={run.created_at} />{run.started_at && ` · ${duration(runSeconds(run, now))}`}
              </span>
            </span>
            {run.headline && <Metric headline={run.headline} />}
            {run.started_by && <Avatar name={run.started_by} colour={colours[run.started_by]} size={20} labelled />}
          </Link>
        </li>
      ))}
    </ul>
  )
}
