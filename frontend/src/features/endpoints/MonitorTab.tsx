import { SegmentedControl, Select, Stack } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Endpoint, EndpointMonitor } from '../../core/endpoints/endpoints'
import { latencyChart, pointsOf, requestsChart } from '../../core/endpoints/monitoring'
import { atLeast } from '../../core/team/people'
import { useDrift, useMonitor } from '../../state/endpoints'
import { useWorkspace } from '../../state/workspace'
import { Chart } from '../../ui/chart/Chart'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { Alarms } from './Alarms'
import { DriftColumns } from './DriftColumns'
import { DriftWindows } from './DriftWindows'
import { Keeping } from './Keeping'
import { MonitorSettingsForm } from './MonitorSettingsForm'
import { Truth } from './Truth'

/** What arrives at an endpoint: requests, errors and times, and the distribution of inputs and scores beside the reference. */
export function MonitorTab({ endpoint, edits }: { endpoint: Endpoint; edits: boolean }) {
  const [version, setVersion] = useState<number | null>(null)
  const drift = useDrift(endpoint.id, version)
  const { workspace } = useWorkspace()
  const admin = workspace !== undefined && workspace !== null && atLeast(workspace.role, 'admin')
  return (
    <Stack gap="lg">
      <Traffic id={endpoint.id} />
      <QueryBoundary query={drift}>
        {(found) => (
          <>
            <Alarms endpoint={endpoint.id} alarms={found.alarms} />
            <Select
              label="Version" w={160} allowDeselect={false} value={String(found.version)} onChange={(value) => setVersion(value === null ? null : Number(value))}
              data={found.versions.map((number) => ({ value: String(number), label: `Version ${number}` }))}
            />
            <DriftColumns endpoint={endpoint.id} drift={found} />
            <DriftWindows windows={found.windows} />
            {edits && <MonitorSettingsForm endpoint={endpoint.id} settings={found.settings} notices={found.notices} />}
          </>
        )}
      </QueryBoundary>
      <Truth endpoint={endpoint.id} workspace={endpoint.workspace} edits={edits} admin={admin} />
      <Keeping endpoint={endpoint.id} edits={edits} admin={admin} />
    </Stack>
  )
}

const SPANS = { 60: 1, 1440: 15 } as const

function Traffic({ id }: { id: string }) {
  const [minutes, setMinutes] = useState<60 | 1440>(60)
  const monitor = useMonitor(id, minutes)
  return (
    <Section title="Requests" help="Of all versions together, counted by the serving processes every two seconds.">
      <SegmentedControl mb="sm" size="xs" aria-label="How far back" value={String(minutes)} onChange={(value) => setMinutes(value === '60' ? 60 : 1440)} data={[{ value: '60', label: 'Last hour' }, { value: '1440', label: 'Last day' }]} />
      <QueryBoundary query={monitor}>{(found) => (found.minutes.length === 0 ? <p className={list.soft}>No requests in this time.</p> : <Charts found={found} minutes={minutes} until={monitor.dataUpdatedAt} />)}</QueryBoundary>
    </Section>
  )
}

function Charts({ found, minutes, until }: { found: EndpointMonitor; minutes: 60 | 1440; until: number }) {
  const minute = Math.floor(until / 60_000)
  const [requests, latency] = useMemo(() => {
    const points = pointsOf(found, SPANS[minutes], minutes, minute * 60_000)
    return [requestsChart(points), latencyChart(points)]
  }, [found, minutes, minute])
  return (
    <Stack gap="sm">
      <Chart title="Requests and errors" description="Requests that were answered and that failed, over time." spec={requests} shape="low" />
      <Chart title="Time to answer" description="The time within which half and nearly all of the requests were answered, over time." spec={latency} shape="low" />
    </Stack>
  )
}
