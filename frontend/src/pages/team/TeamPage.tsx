import { Button, Stack } from '@mantine/core'
import { IconListDetails, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { atLeast, type Me } from '../../core/team/people'
import { Account } from '../../features/account'
import { Environments } from '../../features/environments'
import { Members } from '../../features/members'
import { Limits, StoreUse } from '../../features/quota'
import { Tokens } from '../../features/tokens'
import { NewWorkspace, WorkspaceSettings } from '../../features/workspaces'
import { meQuery } from '../../state/me'
import { chooseWorkspace, useWorkspace } from '../../state/workspace'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'

/** The team page: members, their roles, and tokens for programs. */
export default function TeamPage() {
  const me = useQuery(meQuery)
  return <QueryBoundary query={me}>{(known) => <Team me={known} />}</QueryBoundary>
}

function Team({ me }: { me: Me }) {
  const [making, setMaking] = useState(false)
  const { workspace } = useWorkspace()
  const actions = (
    <>
      {workspace && atLeast(workspace.role, 'admin') && <Button size="xs" variant="default" component={Link} href="/audit" leftSection={<IconListDetails size={14} />}>Audit trail</Button>}
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>New workspace</Button>
    </>
  )
  return (
    <Page title="Team" actions={actions}>
      <Stack gap="xl">
        {workspace && <Members key={workspace.id} workspace={workspace} me={me.user} />}
        {workspace && <Limits key={`${workspace.id} limits`} workspace={workspace} />}
        {workspace && <StoreUse key={`${workspace.id} store`} workspace={workspace} />}
        {workspace && <Environments key={`${workspace.id} environments`} workspace={workspace} />}
        <Account me={me} />
        <Tokens />
        {workspace && <WorkspaceSettings key={`${workspace.id} settings`} workspace={workspace} only={me.workspaces.length === 1} />}
      </Stack>
      <NewWorkspace opened={making} onClose={() => setMaking(false)} onMade={chooseWorkspace} />
    </Page>
  )
}
