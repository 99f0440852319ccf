import { Anchor, Button, Group } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { filterQuery, type AuditFilter } from '../../core/team/audit'
import { atLeast, type Workspace } from '../../core/team/people'
import { asApiError, auditUrl, getAudit } from '../../server/rest'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { Page } from '../../ui/Page'
import { AuditTable } from './AuditTable'
import { Filters } from './Filters'

/** The audit trail of the workspace, newest first; for its admins. */
export default function AuditPage({ workspace }: { workspace: Workspace }) {
  const title = <>Audit trail of {workspace.name}</>
  if (!atLeast(workspace.role, 'admin')) {
    return <Page title={title}><Empty title="Only admins can view the audit trail">Your own sign-ins are listed on the page <Link href="/team">Team</Link>.</Empty></Page>
  }
  return <Trail workspace={workspace} title={title} />
}

function Trail({ workspace, title }: { workspace: Workspace; title: ReactNode }) {
  const [filter, setFilter] = useState<AuditFilter>({})
  const wanted = filterQuery(filter)
  const pages = useInfiniteQuery({
    queryKey: ['audit', workspace.id, wanted], queryFn: ({ pageParam }) => getAudit(workspace.id, wanted, pageParam),
    initialPageParam: null as number | null, getNextPageParam: (last) => last.next, placeholderData: (before) => before,
  })
  const entries = pages.data?.pages.flatMap((page) => page.entries)
  const files = [{ title: 'As a table (CSV)', url: auditUrl(workspace.id, wanted, 'csv') }, { title: 'As JSON lines', url: auditUrl(workspace.id, wanted, 'jsonl') }]
  return (
    <Page title={title} actions={<><Anchor component={Link} href="/team" size="sm">Team</Anchor><DownloadMenu choices={files} /></>}>
      <Filters filter={filter} actions={pages.data?.pages[0]?.actions ?? {}} onChange={setFilter} />
      {pages.error && <Failure error={asApiError(pages.error)} onRetry={() => void pages.refetch()} />}
      {entries?.length === 0 && (Object.keys(wanted).length > 0
        ? <Empty title="No entries match these filters"><Button size="xs" variant="default" onClick={() => setFilter({})}>Clear filters</Button></Empty>
        : <Empty title="No entries yet">Every change in this workspace is recorded: who, what, from where, and whether it was allowed.</Empty>)}
      {entries && entries.length > 0 && <AuditTable entries={entries} />}
      {pages.hasNextPage && <Group justify="center" mt="md"><Button size="xs" variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>Load older entries</Button></Group>}
    </Page>
  )
}
