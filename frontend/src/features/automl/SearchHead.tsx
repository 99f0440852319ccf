import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconPlayerPlay, IconSitemap } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link, useLocation } from 'wouter'
import { counted, duration } from '../../core/base/numbers'
import type { Fan } from '../../core/runs/items'
import type { MetricOf } from '../../core/runs/candidates'
import { isFinished, runSeconds, waitsFor, type Run, type Step } from '../../core/runs/runs'
import { timeWords } from '../../core/runs/searches'
import { reopenPipeline, type PortPlace } from '../../server/rest'
import { notifyFailure, useOpening } from '../../state/opening'
import { again, cancel, useRun } from '../../state/run'
import { searchLonger } from '../../state/searches'
import { useMayEdit } from '../../state/workspace'
import { PageHead } from '../../ui/Page'
import { StateWords } from '../../ui/StateWords'
import { useNow } from '../../ui/useNow'
import classes from './search.module.css'

const LONGER = [300, 900, 3600, 4 * 3600]

interface Props {
  run: Run
  node: string
  title: string
  metric: MetricOf | null
  fan: Fan | null
  /** Trials for which the time was too short; the fan counts them as failed. */
  late: number
  /** Where the report is that holds the winner's pipeline; null until there is one. */
  winner: PortPlace | null
}

/** The time given, and how much of it is over. */
function timeOf(run: Run, node: string, step: Step | undefined, now: number) {
  const given = Number(run.graph.nodes[node]?.params.seconds ?? 60)
  const spent = step?.started_at ? Math.max(0, ((step.finished_at ? Date.parse(step.finished_at) : now) - Date.parse(step.started_at)) / 1000) : 0
  return { given, spent, share: Math.min(1, spent / given) }
}

function progressWords(run: Run, step: Step | undefined, fan: Fan | null, left: number): string {
  if (waitsFor(run)) return waitsFor(run) ?? ''
  if (!step || step.state === 'waiting' || step.state === 'ready' || !step.started_at) return 'Waiting for a worker'
  if (!fan) return 'Checking the data'
  if (fan.left_seconds === null || left < 1) return 'Training and judging the winner'
  return `about ${left < 60 ? `${Math.ceil(left)}\u00a0s` : duration(left)} left`
}

export function SearchHead({ run, node, title, metric, fan, late, winner }: Props) {
  const [, go] = useLocation()
  const going = !isFinished(run.state)
  const now = useNow(going, 500)
  const cancelling = useRun((state) => state.cancelling)
  const edits = useMayEdit(run.workspace)
  const step = run.steps[node]
  const tooShort = run.state === 'failed' && step?.error?.param === 'seconds'
  const searching = going && step !== undefined && !isFinished(step.state)
  const { given, spent, share } = timeOf(run, node, step, now)
  const follow = (next: { id: string } | null) => next && go(`/automl/${next.id}?node=${node}`)
  const continuing = useMutation({ mutationFn: () => again(run.id), onSuccess: follow, onError: notifyFailure })
  const pipeline = run.pipeline?.id
  const longer = useMutation({ mutationFn: (seconds: number) => searchLonger(pipeline ?? '', node, seconds), onSuccess: follow, onError: notifyFailure })
  const opening = useOpening((place: PortPlace) => reopenPipeline(place))
  const facts = (
    <>
      <StateWords state={run.state} />
      {metric && <span>By {metric.title}</span>}
      {fan && <span className="figures">{counted(fan.ended, 'trial')}{fan.failed > late && `, ${fan.failed - late} failed`}{late > 0 && `, ${late} out of time`}{fan.reused > 0 && `, ${fan.reused} known from before`}</span>}
      <span className="figures">{duration(runSeconds(run, now))} of {timeWords(given)}</span>
      {searching && <span className="figures"><b>{progressWords(run, step, fan, given - spent)}</b></span>}
      {going && !searching && <span>Evaluating</span>}
    </>
  )
  const actions = (
    <>
      {going && edits && <Button variant="default" data-once loading={cancelling} onClick={() => void cancel()}>Cancel</Button>}
      {run.pipeline && <Button variant="default" leftSection={<IconSitemap size={16} stroke={1.6} />} component={Link} href={`/pipelines/${run.pipeline.id}`}>Open pipeline</Button>}
      {!going && edits && (run.state === 'cancelled' || run.state === 'failed') && (
        <Button data-once leftSection={<IconPlayerPlay size={16} stroke={1.6} />} loading={continuing.isPending} onClick={() => continuing.mutate()}>Continue</Button>
      )}
      {(run.state === 'done' || tooShort) && edits && pipeline && (
        <Menu position="bottom-end">
          <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={14} />} loading={longer.isPending}>Search longer</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Finished trials are not done again</Menu.Label>
            {LONGER.filter((seconds) => seconds > given).concat(4 * given).slice(0, 4).map((seconds) => <Menu.Item key={seconds} onClick={() => longer.mutate(seconds)}>For {timeWords(seconds)}</Menu.Item>)}
          </Menu.Dropdown>
        </Menu>
      )}
      {winner && edits && <Button loading={opening.isPending} onClick={() => opening.mutate(winner)}>Open the winner as a pipeline</Button>}
    </>
  )
  return (
    <>
      <PageHead title={title} facts={facts} actions={actions} />
      {searching && <div className={classes.progress} role="progressbar" aria-label="Time of the search" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(100 * share)}><span style={{ width: `${100 * share}%` }} /></div>}
    </>
  )
}
