import { Anchor, Button } from '@mantine/core'
import { IconPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { atLeast, type Me, type Role, type Workspace } from '../../core/team/people'
import { AuditTrail } from '../../features/audit'
import { Connections } from '../../features/connections'
import { Environments } from '../../features/environments'
import { Members } from '../../features/members'
import { Limits, StoreUse } from '../../features/quota'
import { Tokens } from '../../features/tokens'
import { NewWorkspace, WorkspaceSettings } from '../../features/workspaces'
import { meQuery } from '../../state/me'
import { chooseWorkspace, useWorkspace } from '../../state/workspace'
import { Empty } from '../../ui/Empty'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import classes from './TeamPage.module.css'

interface Tab {
  id: string
  title: string
  /** The least role that it is shown to. */
  for: Role
  show: (workspace: Workspace, me: Me) => ReactNode
}

const TABS: [Tab, ...Tab[]] = [
  { id: 'members', title: 'Members', for: 'viewer', show: (workspace, me) => <Members workspace={workspace} me={me.user} /> },
  { id: 'environments', title: 'Environments', for: 'viewer', show: (workspace) => <Environments workspace={workspace} /> },
  { id: 'connections', title: 'Connections', for: 'viewer', show: (workspace) => <Connections workspace={workspace} /> },
  { id: 'tokens', title: 'Tokens', for: 'viewer', show: () => <Tokens /> },
  { id: 'limits', title: 'Limits and storage', for: 'viewer', show: (workspace) => <div className={classes.parts}><StoreUse workspace={workspace} /><Limits workspace={workspace} /></div> },
  { id: 'audit', title: 'Audit trail', for: 'admin', show: (workspace) => <AuditTrail workspace={workspace} /> },
  { id: 'workspace', title: 'Workspace', for: 'admin', show: (workspace, me) => <WorkspaceSettings workspace={workspace} only={me.workspaces.length === 1} /> },
]

/** The team page: one workspace's members, environments, limits and history, in tabs that can be linked. */
export default function TeamPage() {
  const me = useQuery(meQuery)
  const { workspace } = useWorkspace()
  const [making, setMaking] = useState(false)
  const [params] = useSearchParams()
  const open = TABS.find(({ id }) => id === params.get('tab')) ?? TABS[0]
  const add = <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>New workspace</Button>
  return (
    <Page title="Team" actions={add}>
      <Tabs role={workspace?.role ?? 'viewer'} open={open.id} />
      <QueryBoundary query={me}>
        {(known) => workspace
          ? <div key={`${workspace.id} ${open.id}`}>{open.show(workspace, known)}</div>
          : <Empty title="No workspace" icon={IconUsers}>Create one, or open an invitation link.</Empty>}
      </QueryBoundary>
      <NewWorkspace opened={making} onClose={() => setMaking(false)} onMade={chooseWorkspace} />
    </Page>
  )
}

function Tabs({ role, open }: { role: Role; open: string }) {
  return (
    <nav className={classes.tabs} aria-label="Team">
      {TABS.filter((tab) => atLeast(role, tab.for)).map(({ id, title }) => (
        <Anchor key={id} component={Link} href={`/team?tab=${id}`} className={classes.tab} aria-current={id === open ? 'page' : undefined}>{title}</Anchor>
      ))}
    </nav>
  )
}
