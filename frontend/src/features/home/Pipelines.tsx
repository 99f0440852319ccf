import { Group, NativeSelect, TextInput } from '@mantine/core'
import { IconArrowsSort, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { mayEdit, type Workspace } from '../../core/team/people'
import { arrangePipelines, ORDERS, type Order } from '../../core/pipelines/pipelines'
import type { Pipeline } from '../../server/rest'
import { save, load } from '../../state/storage'
import { Empty } from '../../ui/Empty'
import classes from './Home.module.css'
import { PipelineCard } from './PipelineCard'

const KEY = 'home.order'

/** The pipelines of a workspace, with search and order; the order is remembered in this browser. */
export function Pipelines({ pipelines, workspace }: { pipelines: Pipeline[]; workspace: Workspace }) {
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState(() => load<Order>(KEY, 'changed'))
  if (pipelines.length === 0) {
    return mayEdit(workspace)
      ? <Empty title="No pipelines yet">Open a sample below, or create an empty pipeline and drop your own file on it.</Empty>
      : <Empty title="No pipelines yet">Ask an editor of the workspace to create one.</Empty>
  }
  const sort = (chosen: Order) => {
    setOrder(chosen)
    save(KEY, chosen)
  }
  const shown = arrangePipelines(pipelines, search, order)
  return (
    <>
      <Group gap="xs">
        <TextInput
          size="xs" w={240} type="search" aria-label="Search pipelines" placeholder="Search pipelines" leftSection={<IconSearch size={14} />}
          value={search} onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs" w={170} aria-label="Sort pipelines" leftSection={<IconArrowsSort size={14} />} data={ORDERS}
          value={order} onChange={(event) => sort(event.currentTarget.value as Order)}
        />
        <span role="status" className={classes.faint}>{search.trim() !== '' && `${shown.length} of ${pipelines.length}`}</span>
      </Group>
      {shown.length > 0 ? <div className={classes.grid}>{shown.map((pipeline) => <PipelineCard key={pipeline.id} pipeline={pipeline} />)}</div>
        : <Empty title="No pipeline matches">Search covers pipeline names and the last editor.</Empty>}
    </>
  )
}
