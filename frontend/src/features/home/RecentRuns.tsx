import { Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { duration } from '../../core/base/numbers'
import { runSeconds, type RunBrief } from '../../core/runs/runs'
import { Timestamp } from '../../ui/Timestamp'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import classes from './Home.module.css'

const SHOWN = 8

export function RecentRuns({ runs }: { runs: RunBrief[] }) {
  const [now] = useState(() => Date.now())
  if (runs.length === 0) return <Text fz={14} c="dimmed">No runs yet. Open a pipeline and press Run.</Text>
  return (
    <ul className={classes.runs}>
      {runs.slice(0, SHOWN).map((run) => (
        <li key={run.id}>
          <Link href={`/runs/${run.id}`} className={classes.run}>
            <StateMark state={run.state} />
            <span>{run.pipeline?.name ?? 'Deleted pipeline'}</span>
            <span className={classes.faint}>{STATE_WORDS[run.state]} · <Timestamp at={run.created_at} />{run.started_by && ` · ${run.started_by}`}</span>
            <span className={`${classes.faint} figures`}>{duration(runSeconds(run, now))}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
