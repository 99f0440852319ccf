import { Button, Checkbox, UnstyledButton } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { comparison } from '../../core/runs/comparison'
import { duration, exactly, metric } from '../../core/base/numbers'
import { isFinished, runSeconds, starterOf, type RunBrief } from '../../core/runs/runs'
import { getRuns } from '../../server/rest'
import { useRun } from '../../state/run'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Empty } from '../../ui/Empty'
import { Timestamp } from '../../ui/Timestamp'
import { StateWords } from '../../ui/StateWords'
import classes from './RunHistory.module.css'

interface Props {
  pipeline: string
  /** The run whose results are shown. */
  current: string | null
  onOpen: (run: string) => void
}

const FRESH_EVERY = 4000

/** The runs of one pipeline, newest first; selecting one shows its results, ticking several compares them. */
export function RunHistory({ pipeline, current, onOpen }: Props) {
  const state = useRun((watch) => watch.run?.state)
  const runs = useQuery({
    queryKey: ['runs', { pipeline, current, state }], queryFn: () => getRuns({ pipeline }), placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.some((run) => !isFinished(run.state)) ? FRESH_EVERY : false),
  })
  return (
    <QueryBoundary query={runs}>
      {(all) => all.length === 0 ? <Empty title="This pipeline has not run yet" icon={IconPlayerPlay}>Press Run. Each run is kept here with its results.</Empty> : <History runs={all} current={current} onOpen={onOpen} />}
    </QueryBoundary>
  )
}

function History({ runs, current, onOpen }: { runs: RunBrief[]; current: string | null; onOpen: (run: string) => void }) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const chosen = runs.filter((run) => ticked.has(run.id)).map((run) => run.id)
  const toggle = (id: string, on: boolean) => setTicked((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)))
  return (
    <>
      <div className={classes.compare}>
        {chosen.length < 2 ? <Button size="compact-sm" variant="default" disabled>Select two runs to compare</Button>
          : <Button size="compact-sm" variant="default" component={Link} href={comparison(chosen)}>Compare {chosen.length} runs</Button>}
      </div>
      <ul className={classes.history}>
        {runs.map((run) => (
          <li key={run.id} className={classes.past} data-current={run.id === current || undefined}>
            <Checkbox size="xs" aria-label={`Compare the run of ${exactly(run.created_at)}`} checked={ticked.has(run.id)} onChange={(event) => toggle(run.id, event.currentTarget.checked)} />
            <UnstyledButton className={classes.open} aria-current={run.id === current || undefined} onClick={() => onOpen(run.id)}>
              <StateWords state={run.state} />
              <Timestamp at={run.created_at} />
              {run.waiting_for ? <span className={classes.waiting}>{run.waiting_for}</span> : <span className={classes.person}>{starterOf(run)}</span>}
              {run.headline && <span className={classes.metric}>{run.headline.title} <b className="figures">{metric(run.headline.value)}</b></span>}
              {run.finished_at && <span className={classes.took}>{duration(runSeconds(run, 0))}</span>}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </>
  )
}
