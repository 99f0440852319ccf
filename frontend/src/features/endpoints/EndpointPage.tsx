import { Button, Tabs } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { processesInWords, sharesInWords, type Endpoint } from '../../core/endpoints/endpoints'
import { lineageAddress } from '../../core/runs/lineage'
import { atLeast, mayEdit, type Workspace } from '../../core/team/people'
import { asApiError, deleteEndpoint } from '../../server/rest'
import { useEndpoint } from '../../state/endpoints'
import { Confirm } from '../../ui/Confirm'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { KeysTab } from './KeysTab'
import { MonitorTab } from './MonitorTab'
import { PublishForm } from './PublishForm'
import { SettingsTab } from './SettingsTab'
import { TestTab } from './TestTab'
import { UseTab } from './UseTab'
import { VersionsTab } from './VersionsTab'

const TABS = [['versions', 'Versions'], ['monitor', 'Monitoring'], ['test', 'Test'], ['use', 'Use'], ['keys', 'Keys'], ['settings', 'Settings']] as const

/** One endpoint: its versions and their shares, its keys, a test and programs that call it. */
export default function EndpointPage({ id, workspace }: { id: string; workspace: Workspace }) {
  const endpoint = useEndpoint(id)
  return <QueryBoundary query={endpoint}>{(found) => <Shown endpoint={found} workspace={workspace} />}</QueryBoundary>
}

function Shown({ endpoint, workspace }: { endpoint: Endpoint; workspace: Workspace }) {
  const queries = useQueryClient()
  const [, go] = useLocation()
  const [params, setParams] = useSearchParams()
  const [open, setOpen] = useState<'publish' | 'delete' | null>(null)
  const edits = mayEdit(workspace)
  const remove = useMutation({
    mutationFn: () => deleteEndpoint(endpoint.id),
    onSuccess: async () => {
      go('/endpoints')
      await queries.invalidateQueries({ queryKey: ['endpoints'], refetchType: 'none' })
    },
  })
  const facts = (
    <>
      <span>{sharesInWords(endpoint.shares)}</span>
      <span>{processesInWords(endpoint)}</span>
      {endpoint.description && <span>{endpoint.description}</span>}
    </>
  )
  const actions = (
    <>
      <Button variant="default" component={Link} href={lineageAddress(`endpoint:${endpoint.id}`)}>Lineage</Button>
      {atLeast(workspace.role, 'admin') && <Button variant="default" onClick={() => setOpen('delete')}>Delete</Button>}
      {edits && <Button onClick={() => setOpen('publish')}>Publish a version</Button>}
    </>
  )
  return (
    <Page title={endpoint.name} facts={facts} actions={actions}>
      <Tabs value={TABS.find(([value]) => value === params.get('tab'))?.[0] ?? 'versions'} onChange={(tab) => setParams((now) => ({ ...Object.fromEntries(now), tab: tab ?? 'versions' }), { replace: true })} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Parts of the endpoint">{TABS.map(([value, title]) => <Tabs.Tab key={value} value={value}>{title}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="versions"><VersionsTab endpoint={endpoint} edits={edits} /></Tabs.Panel>
        <Tabs.Panel value="monitor"><MonitorTab endpoint={endpoint} edits={edits} /></Tabs.Panel>
        <Tabs.Panel value="test"><TestTab endpoint={endpoint} /></Tabs.Panel>
        <Tabs.Panel value="use"><UseTab endpoint={endpoint} /></Tabs.Panel>
        <Tabs.Panel value="settings"><SettingsTab endpoint={endpoint} edits={edits} /></Tabs.Panel>
        <Tabs.Panel value="keys"><KeysTab endpoint={endpoint} edits={atLeast(workspace.role, 'admin')} /></Tabs.Panel>
      </Tabs>
      {open === 'publish' && <PublishForm workspace={workspace.id} endpoint={endpoint} onClose={() => setOpen(null)} />}
      <Confirm opened={open === 'delete'} onClose={() => setOpen(null)} title={`Delete “${endpoint.name}”?`} action="Delete endpoint" busy={remove.isPending} error={remove.error && asApiError(remove.error)} onConfirm={() => remove.mutate()}>
        Programs that call it are refused within a second. Its versions, keys and history are deleted.
      </Confirm>
    </Page>
  )
}
