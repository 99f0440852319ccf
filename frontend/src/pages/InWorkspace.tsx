import { IconUsers } from '@tabler/icons-react'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'wouter'
import type { Workspace } from '../core/team/people'
import { useWorkspace } from '../state/workspace'
import { Empty } from '../ui/Empty'
import { asApiError } from '../core/base/apiError'
import { Failure } from '../ui/Failure'
import classes from '../ui/page.module.css'
import { Shell } from './Shell'

/** A page of the current workspace; it remounts when the workspace changes, so that no state of the first remains. */
export function InWorkspace({ children }: { children: (workspace: Workspace) => ReactNode }) {
  const { workspace, asking, failed, retry } = useWorkspace()
  if (workspace) return <Shell><Fragment key={workspace.id}>{children(workspace)}</Fragment></Shell>
  if (failed) return <Shell><div className={classes.page}><Failure error={asApiError(failed)} onRetry={retry} /></div></Shell>
  return <Shell>{!asking && <Empty title="No workspace" icon={IconUsers} actions={<Link href="/team">Team</Link>}>Create one on the Team page, or open an invitation link.</Empty>}</Shell>
}
