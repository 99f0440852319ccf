import { Button, Group } from '@mantine/core'
import { IconFilterOff, IconHistory, IconLock } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { filterQuery, type AuditFilter } from '../../core/team/audit'
import { atLeast, type Workspace } from '../../core/team/people'
import { asApiError, auditUrl, getAudit } from '../../server/rest'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Section } from '../../ui/Section'
import { AuditTable } from './AuditTable'
import { Filters } from './Filters'

/** The audit trail of the workspace, newest first; for its admins. */
export function AuditTrail({ workspace }: { workspace: Workspace }) {
  if (!atLeast(workspace.role, 'admin')) {
    return <Empty title="Only admins can view the audit trail" icon={IconLock}>Your own sign-ins are listed under <Link href="/account">Your account</Link>.</Empty>
  }
  return <Trail workspace={workspace} />
}

function Trail({ workspace }: { workspace: Workspace }) {
  const [filter, setFilter] = useState<AuditFilter>({})
  const wanted = filterQuery(filter)
  const pages = useInfiniteQuery({
    queryKey: ['audit', workspace.id, wanted], queryFn: ({ pageParam }) => getAudit(workspace.id, wanted, pageParam),
    initialPageParam: null as number | null, getNextPageParam: (last) => last.next, placeholderData: (before) => before,
  })
  const entries = pages.data?.pages.flatMap((page) => page.entries)
  const files = [{ title: 'As a table (CSV)', url: auditUrl(workspace.id, wanted, 'csv') }, { title: 'As JSON lines', url: auditUrl(workspace.id, wanted, 'jsonl') }]
  return (
    <Section title={`Audit trail of ${workspace.name}`} help="Every change in this workspace: who, what, from where, and whether it was allowed.">
      <Filters filter={filter} actions={pages.data?.pages[0]?.actions ?? {}} onChange={setFilter} end={<DownloadMenu choices={files} />} />
      {pages.error && <Failure error={asApiError(pages.error)} onRetry={() => void pages.refetch()} />}
      {pages.isPending && <ListSkeleton rows={12} />}
      {entries?.length === 0 && (Object.keys(wanted).length > 0
        ? <Empty title="No entries match these filters" icon={IconFilterOff} actions={<Button variant="default" onClick={() => setFilter({})}>Clear filters</Button>} />
        : <Empty title="No entries yet" icon={IconHistory}>Changes in this workspace appear here.</Empty>)}
      {entries && entries.length > 0 && <AuditTable entries={entries} />}
      {pages.hasNextPage && <Group justify="center" mt="md"><Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>Load older entries</Button></Group>}
    </Section>
  )
}
