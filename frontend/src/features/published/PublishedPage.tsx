import { Button, Tabs } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { counted } from '../../core/base/numbers'
import type { Published } from '../../core/published/published'
import { atLeast, mayEdit, type Workspace } from '../../core/team/people'
import { asApiError, deletePublished, getSchedules } from '../../server/rest'
import { usePublished } from '../../state/published'
import { Confirm } from '../../ui/Confirm'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { KeysTab } from './KeysTab'
import { PublishDialog } from './PublishDialog'
import { RunDialog } from './RunDialog'
import { RunsTab } from './RunsTab'
import { UseTab } from './UseTab'
import { VersionsTab } from './VersionsTab'

const TABS = [['runs', 'Runs'], ['versions', 'Versions'], ['use', 'Use'], ['keys', 'Keys']] as const

/** One published pipeline: its runs, versions and keys, and programs that start it. */
export default function PublishedPage({ id, workspace }: { id: string; workspace: Workspace }) {
  const published = usePublished(id)
  return <QueryBoundary query={published}>{(found) => <Shown published={found} workspace={workspace} />}</QueryBoundary>
}

function Shown({ published, workspace }: { published: Published; workspace: Workspace }) {
  const queries = useQueryClient()
  const [, go] = useLocation()
  const [params, setParams] = useSearchParams()
  const [open, setOpen] = useState<'publish' | 'run' | 'delete' | null>(null)
  const close = () => setOpen(null)
  const edits = mayEdit(workspace)
  const schedules = useQuery({ queryKey: ['schedules', workspace.id, published.id], queryFn: () => getSchedules(workspace.id, published.id) })
  const scheduled = schedules.data ?? []
  const remove = useMutation({
    mutationFn: () => deletePublished(published.id),
    onSuccess: async () => {
      go('/published')
      await queries.invalidateQueries({ queryKey: ['published'], refetchType: 'none' })
    },
  })
  const facts = (
    <>
      <span>Version {published.default} is the default</span>
      <span>{counted(published.versions, 'version')}</span>
      {scheduled.length > 0 && <span>Run by <Link href="/schedules">{scheduled.map(({ name }) => name).join(', ')}</Link></span>}
      {published.description && <span>{published.description}</span>}
    </>
  )
  const actions = (
    <>
      {atLeast(workspace.role, 'admin') && <Button variant="default" onClick={() => setOpen('delete')}>Delete</Button>}
      {edits && <Button variant="default" onClick={() => setOpen('publish')}>Publish a version</Button>}
      {edits && <Button onClick={() => setOpen('run')}>Run now</Button>}
    </>
  )
  return (
    <Page title={published.name} facts={facts} actions={actions}>
      <Tabs value={TABS.find(([value]) => value === params.get('tab'))?.[0] ?? 'runs'} onChange={(tab) => setParams({ tab: tab ?? 'runs' }, { replace: true })} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Parts of the published pipeline">{TABS.map(([value, title]) => <Tabs.Tab key={value} value={value}>{title}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="runs"><RunsTab published={published} edits={edits} onRun={() => setOpen('run')} /></Tabs.Panel>
        <Tabs.Panel value="versions"><VersionsTab published={published} edits={edits} /></Tabs.Panel>
        <Tabs.Panel value="use"><UseTab published={published} /></Tabs.Panel>
        <Tabs.Panel value="keys"><KeysTab published={published} edits={atLeast(workspace.role, 'admin')} /></Tabs.Panel>
      </Tabs>
      {open === 'publish' && <PublishDialog workspace={workspace.id} published={published} onClose={close} />}
      {open === 'run' && <RunDialog published={published} workspace={workspace.id} onClose={close} />}
      <Confirm opened={open === 'delete'} onClose={close} title={`Delete “${published.name}”?`} action="Delete published pipeline" busy={remove.isPending} error={remove.error && asApiError(remove.error)} onConfirm={() => remove.mutate()}>
        Programs can no longer start it. Its versions, keys and history are deleted; its runs and the datasets that were saved stay.{scheduled.length > 0 && ` ${scheduled.map(({ name }) => `“${name}”`).join(', ')} will start nothing and say so.`}
      </Confirm>
    </Page>
  )
}
