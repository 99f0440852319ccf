import { Anchor, Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { count, counted } from '../../core/base/numbers'
import type { Published, PublishedRun } from '../../core/published/published'
import { asApiError, cancelPublished } from '../../server/rest'
import { publishedKey, usePublishedRuns } from '../../state/published'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'
import classes from './published.module.css'
import { RunMark } from './RunMark'

/** The runs that requests have started, newest first. */
export function RunsTab({ published, edits, onRun }: { published: Published; edits: boolean; onRun: () => void }) {
  const queries = useQueryClient()
  const runs = usePublishedRuns(published.id)
  const cancel = useMutation({ mutationFn: (run: string) => cancelPublished(published.id, run), onSettled: () => queries.invalidateQueries({ queryKey: publishedKey(published.id) }) })
  return (
    <Section title="Runs" help="The newest 100 runs that requests and schedules have started.">
      {cancel.error && <Failure error={asApiError(cancel.error)} />}
      <QueryBoundary query={runs}>
        {(all) => all.length === 0
          ? <Box><Empty title="No runs yet" icon={IconPlayerPlay} actions={edits && <Button variant="default" onClick={onRun}>Run now</Button>}>A program starts one by the request that the tab Use shows.</Empty></Box>
          : (
            <div className={list.scroller}>
              <table className={list.list}>
                <thead><tr><th scope="col">Run</th><th scope="col">State</th><th scope="col">Results</th><th scope="col" data-wide>Data</th><th scope="col" data-number data-wide>Version</th><th scope="col" data-wide>By</th><td /></tr></thead>
                <tbody>{all.map((run) => <Row key={run.id} run={run} onCancel={edits ? cancel.mutate : null} />)}</tbody>
              </table>
            </div>
          )}
      </QueryBoundary>
    </Section>
  )
}

function Row({ run, onCancel }: { run: PublishedRun; onCancel: ((run: string) => void) | null }) {
  const going = run.state === 'waiting' || run.state === 'running'
  return (
    <tr>
      <th scope="row">{run.state === 'deleted' ? <Timestamp at={run.created_at} /> : <Link href={`/runs/${run.id}`}><Timestamp at={run.created_at} /></Link>}</th>
      <td>
        <RunMark state={run.state} progress={run.steps ? run.steps_done / run.steps : null} />
        {going && <div className={list.soft}>{run.waiting_for ?? `${run.steps_done} of ${counted(run.steps, 'step')}`}</div>}
        {run.error && <div className={classes.reason}>{run.error.words}</div>}
        {run.problem && <div className={classes.reason}>{run.problem}</div>}
      </td>
      <td>{run.results.map((result) => <Result key={result.name} result={result} />)}</td>
      <td data-wide>{Object.entries(run.inputs).map(([name, { dataset, version }]) => <div key={name}>{dataset}, version {version}</div>)}</td>
      <td data-number data-wide>{run.version}</td>
      <td data-wide className={list.soft}>{run.by}</td>
      <td data-actions>{onCancel && going && <Button size="compact-xs" variant="subtle" color="gray" aria-label="Cancel this run" onClick={() => onCancel(run.id)}>Cancel</Button>}</td>
    </tr>
  )
}

function Result({ result: { name, state, rows, kind, address, dataset } }: { result: PublishedRun['results'][number] }) {
  if (state !== 'ready') return null
  return (
    <div>
      {dataset ? <Link href={`/datasets/${dataset.id}`}>{dataset.dataset}, version {dataset.version}</Link> : kind === 'table' ? <Anchor href={`${address}?as=csv`} download>{name}.csv</Anchor> : name}
      {rows !== null && <span className={list.soft}> {count(rows)} {rows === 1 ? 'row' : 'rows'}</span>}
    </div>
  )
}
