import { Button } from '@mantine/core'
import { IconApi, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { count } from '../../core/base/numbers'
import { sharesInWords, type EndpointBrief } from '../../core/endpoints/endpoints'
import { mayEdit, type Workspace } from '../../core/team/people'
import { useEndpoints } from '../../state/endpoints'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Timestamp } from '../../ui/Timestamp'
import { PublishForm } from './PublishForm'
import { VersionState } from './VersionState'

/** The endpoints of a workspace. */
export default function EndpointsPage({ workspace }: { workspace: Workspace }) {
  const endpoints = useEndpoints(workspace.id)
  const [params, setParams] = useSearchParams()
  const run = params.get('run') ?? undefined
  const [asked, setAsked] = useState(false)
  const close = () => {
    setAsked(false)
    if (run) setParams({}, { replace: true })
  }
  const edits = mayEdit(workspace)
  const publish = edits && <Button leftSection={<IconPlus size={14} />} onClick={() => setAsked(true)}>Publish an endpoint</Button>
  return (
    <Page title="Endpoints" actions={publish}>
      <QueryBoundary query={endpoints}>
        {(all) => all.length === 0
          ? <Box><Empty title="No endpoints yet" icon={IconApi}>{edits ? 'An endpoint answers other programs with the scores of a trained model. Run a pipeline that scores with a model, then publish its run here.' : 'An editor of the workspace can publish one.'}</Empty></Box>
          : <List all={all} />}
      </QueryBoundary>
      {(asked || run !== undefined) && <PublishForm workspace={workspace.id} run={run} scored={params.get('scored') ?? undefined} onClose={close} />}
    </Page>
  )
}

function List({ all }: { all: EndpointBrief[] }) {
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Name</th><th scope="col">Newest version</th><th scope="col">Requests go to</th><th scope="col" data-number data-wide>Last hour</th><th scope="col" data-number data-wide>Errors</th><th scope="col" data-wide>Created</th></tr></thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.id}>
              <th scope="row"><Link href={`/endpoints/${one.id}`}>{one.name}</Link>{one.description && <div className={list.soft}>{one.description}</div>}</th>
              <td><VersionState state={one.state} /></td>
              <td>{sharesInWords(one.shares)}</td>
              <td data-number data-wide>{count(one.requests)}</td>
              <td data-number data-wide>{count(one.errors)}</td>
              <td data-wide className={list.soft}><Timestamp at={one.created_at} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
