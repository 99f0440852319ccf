/** The sweeps of the workspace, newest first. */
import { IconChartDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { isOver } from '../../core/runs/sweeps'
import type { Workspace } from '../../core/team/people'
import { getSweeps } from '../../server/rest'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Timestamp } from '../../ui/Timestamp'

const FRESH_EVERY = 4000

export default function SweepsPage({ workspace: { id: workspace } }: { workspace: Workspace }) {
  const sweeps = useQuery({ queryKey: ['sweeps', workspace], queryFn: () => getSweeps(workspace), refetchInterval: (query) => (query.state.data?.every(isOver) ? false : FRESH_EVERY) })
  return (
    <Page title="Sweeps" facts="Pipelines that were run with several values of their parameters.">
      <QueryBoundary query={sweeps} skeleton={<ListSkeleton rows={8} />}>
        {(all) => all.length === 0
          ? <Box><Empty title="No sweeps yet" icon={IconChartDots} actions={<Link href="/">All pipelines</Link>}>Open a pipeline with parameters, press Run, and choose Several values. To make a parameter of a setting, press x beside it.</Empty></Box>
          : (
            <div className={list.scroller}>
              <table className={list.list}>
                <thead><tr><th scope="col">Pipeline</th><th scope="col">Parameters</th><th scope="col" data-number>Runs over</th><th scope="col">Started</th><th scope="col" data-wide>Started by</th></tr></thead>
                <tbody>
                  {all.map((sweep) => (
                    <tr key={sweep.id}>
                      <td data-name><Link href={`/sweeps/${sweep.id}`}>{sweep.pipeline?.name ?? 'Deleted pipeline'}</Link></td>
                      <td>{sweep.parameters.join(', ')}</td>
                      <td data-number>{sweep.finished} of {sweep.runs}{sweep.cancelled_at && ' (cancelled)'}</td>
                      <td className={list.soft}><Timestamp at={sweep.created_at} /></td>
                      <td data-wide className={list.soft}>{sweep.started_by || 'Former member'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
      </QueryBoundary>
    </Page>
  )
}
