/** A sweep: its runs side by side while they go on, and the best of them. */
import { Button, Progress } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { counted } from '../../core/base/numbers'
import { isOver, sweepChart, type Sweep } from '../../core/runs/sweeps'
import { asApiError, cancelSweep, getSweep } from '../../server/rest'
import { useEnter, useMayEdit } from '../../state/workspace'
import { Chart } from '../../ui/chart/Chart'
import { Failure } from '../../ui/Failure'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { NotFound } from '../../ui/NotFound'
import { Page } from '../../ui/Page'
import { Timestamp } from '../../ui/Timestamp'
import { SweepTable } from './SweepTable'
import classes from './sweeps.module.css'

const FRESH_EVERY = 1500

export default function SweepPage({ id }: { id: string }) {
  const query = useQuery({ queryKey: ['sweep', id], queryFn: () => getSweep(id), refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : FRESH_EVERY) })
  useEnter(query.data?.workspace)
  const error = query.error && asApiError(query.error)
  if (error?.status === 404) return <NotFound what="Sweep"><Link href="/sweeps">All sweeps</Link></NotFound>
  if (!query.data) return <Page title="Sweep">{error ? <Failure error={error} onRetry={() => void query.refetch()} /> : <ListSkeleton rows={8} />}</Page>
  return <Found sweep={query.data} />
}

function Found({ sweep }: { sweep: Sweep }) {
  const { table, parameters, runs, finished } = sweep
  const [chosen, setChosen] = useState<string | null>(null)
  const figure = table.figures.find(({ title }) => title === chosen) ?? table.figures[0]
  const chart = figure && sweepChart(table.runs, parameters, figure)
  const edits = useMayEdit(sweep.workspace)
  const client = useQueryClient()
  const cancel = useMutation({ mutationFn: () => cancelSweep(sweep.id), onSettled: () => client.invalidateQueries({ queryKey: ['sweep', sweep.id] }) })
  const failure = cancel.error && asApiError(cancel.error)
  const reused = table.runs.reduce((sum, run) => sum + run.reused, 0)
  const steps = table.runs.reduce((sum, run) => sum + run.steps, 0)
  const facts = (
    <>
      <span>{parameters.join(', ')}</span>
      <span role="status">{finished} of {counted(runs, 'run')} over{sweep.cancelled_at && ', cancelled'}</span>
      <span>{reused} of {counted(steps, 'step')} reused</span>
      <Timestamp at={sweep.created_at} />
      {sweep.started_by && <span>{sweep.started_by}</span>}
    </>
  )
  const actions = (
    <>
      {!isOver(sweep) && edits && <Button variant="default" data-once loading={cancel.isPending} onClick={() => cancel.mutate()}>Cancel all</Button>}
      {sweep.pipeline && <Button variant="default" component={Link} href={`/pipelines/${sweep.pipeline.id}`}>Open pipeline</Button>}
    </>
  )
  return (
    <Page title={`Sweep of ${sweep.pipeline?.name ?? 'a deleted pipeline'}`} facts={facts} actions={actions}>
      {failure && <Failure error={failure} />}
      {!isOver(sweep) && <Progress value={progressOf(sweep)} aria-label="Steps that have ended" mb="md" />}
      {chart && <section className={classes.chart}><Chart {...chart} shape="low" /></section>}
      <SweepTable sweep={sweep} figure={figure ?? null} onFigure={setChosen} />
      {isOver(sweep) && table.figures.length === 0 && <p className={classes.note}>The runs have no figures. Add Evaluate Model to the pipeline to compare them.</p>}
    </Page>
  )
}

function progressOf({ table: { runs } }: Sweep): number {
  const sum = (of: 'steps' | 'ended') => runs.reduce((total, run) => total + run[of], 0)
  return (100 * sum('ended')) / Math.max(1, sum('steps'))
}
