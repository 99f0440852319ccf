import { IconSearchOff, IconSitemap } from '@tabler/icons-react'
import { mayEdit, type Workspace } from '../../core/team/people'
import { arrangePipelines, type Order } from '../../core/pipelines/pipelines'
import type { Pipeline } from '../../server/rest'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import classes from './Home.module.css'
import { PipelineCard } from './PipelineCard'

interface Props {
  pipelines: Pipeline[]
  workspace: Workspace
  search: string
  order: Order
}

/** The pipelines of a workspace that the filter leaves, in their order. */
export function Pipelines({ pipelines, workspace, search, order }: Props) {
  if (pipelines.length === 0) {
    return (
      <Box>
        <Empty title="No pipelines yet" icon={IconSitemap}>
          {mayEdit(workspace) ? 'Open a sample below, or create an empty pipeline and drop your own file on it.' : 'Ask an editor of the workspace to create one.'}
        </Empty>
      </Box>
    )
  }
  const shown = arrangePipelines(pipelines, search, order)
  return (
    <>
      <p role="status" className="visually-hidden">{search.trim() !== '' && `${shown.length} of ${pipelines.length}`}</p>
      {shown.length > 0 ? <div className={classes.grid}>{shown.map((pipeline) => <PipelineCard key={pipeline.id} pipeline={pipeline} />)}</div>
        : <Box><Empty title="No pipeline matches" icon={IconSearchOff}>The filter searches names and who changed a pipeline last.</Empty></Box>}
    </>
  )
}
