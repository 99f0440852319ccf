import { Button } from '@mantine/core'
import { IconPlus, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { count } from '../../core/base/numbers'
import type { PublishedBrief } from '../../core/published/published'
import { mayEdit, type Workspace } from '../../core/team/people'
import { usePublishedOnes } from '../../state/published'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Timestamp } from '../../ui/Timestamp'
import { PublishDialog } from './PublishDialog'
import { RunMark } from './RunMark'

/** The published pipelines of a workspace. */
export default function PublishedListPage({ workspace }: { workspace: Workspace }) {
  const published = usePublishedOnes(workspace.id)
  const [params, setParams] = useSearchParams()
  const pipeline = params.get('pipeline') ?? undefined
  const [asked, setAsked] = useState(false)
  const close = () => {
    setAsked(false)
    if (pipeline) setParams({}, { replace: true })
  }
  const edits = mayEdit(workspace)
  return (
    <Page title="Published pipelines" facts="Pipelines that other programs run by one request." actions={edits && <Button leftSection={<IconPlus size={14} />} onClick={() => setAsked(true)}>Publish</Button>}>
      <QueryBoundary query={published} skeleton={<ListSkeleton rows={4} />}>
        {(all) => all.length === 0
          ? <Box><Empty title="Nothing is published yet" icon={IconSend}>{edits ? 'A published pipeline has an address: one request starts a run with other values and other data, and the answer says where the results are. Publish a pipeline, or the scores of an endpoint for large tables.' : 'An editor of the workspace can publish a pipeline.'}</Empty></Box>
          : <List all={all} />}
      </QueryBoundary>
      {edits && (asked || pipeline !== undefined) && <PublishDialog workspace={workspace.id} pipeline={pipeline} onClose={close} />}
    </Page>
  )
}

function List({ all }: { all: PublishedBrief[] }) {
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Name</th><th scope="col">Last run</th><th scope="col">Default</th><th scope="col" data-number data-wide>Runs</th><th scope="col" data-wide>Created</th></tr></thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.id}>
              <th scope="row"><Link href={`/published/${one.id}`}>{one.name}</Link>{one.description && <div className={list.soft}>{one.description}</div>}</th>
              <td>{one.last_run ? <RunMark state={one.last_run} /> : <span className={list.soft}>Never</span>}</td>
              <td>Version {one.default}</td>
              <td data-number data-wide>{count(one.runs)}</td>
              <td data-wide className={list.soft}><Timestamp at={one.created_at} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
