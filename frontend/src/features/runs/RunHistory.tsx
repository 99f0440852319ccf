import { UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { duration } from '../../core/numbers'
import { isFinished, runSeconds } from '../../core/runs'
import { getRuns } from '../../server/rest'
import { Asked } from '../../ui/Asked'
import { Empty } from '../../ui/Empty'
import { Moment } from '../../ui/Moment'
import { StateWords } from '../../ui/StateWords'
import classes from './runs.module.css'

interface Props {
  pipeline: string
  /** The run whose results are shown now. */
  current: string | null
  onOpen: (run: string) => void
}

const FRESH_EVERY = 4000

/** The runs of one pipeline, newest first; choosing one shows its results. */
export function RunHistory({ pipeline, current, onOpen }: Props) {
  const runs = useQuery({
    queryKey: ['runs', { pipeline }], queryFn: () => getRuns({ pipeline }),
    refetchInterval: (query) => (query.state.data?.some((run) => !isFinished(run.state)) ? FRESH_EVERY : false),
  })
  return (
    <Asked query={runs}>
      {(all) => all.length === 0 ? <Empty title="This pipeline has not run yet">Press Run to run all of it.</Empty> : (
        <ul className={classes.history}>
          {all.map((run) => (
            <li key={run.id}>
              <UnstyledButton className={classes.past} aria-current={run.id === current || undefined} onClick={() => onOpen(run.id)}>
                <StateWords state={run.state} />
                <Moment at={run.created_at} />
                {run.started_by && <span>{run.started_by}</span>}
                <span>{run.finished_at ? duration(runSeconds(run, 0)) : ''}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </Asked>
  )
}
