/** The home page: pipelines, samples to start from, and recent runs. */
import { Button } from '@mantine/core'
import { IconPlus, IconTrophy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { Order } from '../../core/pipelines/pipelines'
import { isFinished } from '../../core/runs/runs'
import { mayEdit, type Workspace } from '../../core/team/people'
import { asApiError, createPipeline } from '../../server/rest'
import { loadCatalogue } from '../../state/catalogue'
import { pipelinesQuery, samplesQuery, templatesQuery } from '../../state/pipelines'
import { load, save } from '../../state/storage'
import { Failure } from '../../ui/Failure'
import { PageHead } from '../../ui/Page'
import { CardsSkeleton } from './CardsSkeleton'
import { Filter } from './Filter'
import classes from './Home.module.css'
import { ImportButton } from './ImportButton'
import { Pipelines } from './Pipelines'
import { RecentRuns } from './RecentRuns'
import { Samples } from './Samples'
import { Templates } from './Templates'
import { useOpening } from '../../state/opening'
import { Storage } from './Storage'

const KEY = 'home.order'
/** While something runs. */
const FRESH_EVERY = 5000

interface ListsProps {
  workspace: Workspace
  search: string
  order: Order
}

/** Shown when both are there, so that nothing moves under a pointer. */
function Lists({ workspace, search, order }: ListsProps) {
  const pipelines = useQuery({
    ...pipelinesQuery(workspace.id),
    refetchInterval: (query) => (query.state.data?.some(({ last_run: last }) => last && !isFinished(last.state)) ? FRESH_EVERY : false),
  })
  const samples = useQuery(samplesQuery)
  const templates = useQuery(templatesQuery(workspace.id))
  if (pipelines.isPending || samples.isPending || templates.isPending) return <CardsSkeleton />
  const failed = ({ error, refetch }: typeof pipelines | typeof samples | typeof templates) => error && <Failure error={asApiError(error)} onRetry={() => void refetch()} />
  return (
    <>
      {pipelines.data ? <Pipelines pipelines={pipelines.data} workspace={workspace} search={search} order={order} /> : failed(pipelines)}
      {mayEdit(workspace) && (templates.data ? <Templates templates={templates.data} workspace={workspace.id} /> : failed(templates))}
      {mayEdit(workspace) && (samples.data ? <Samples samples={samples.data} workspace={workspace.id} /> : failed(samples))}
    </>
  )
}

export default function HomePage({ workspace }: { workspace: Workspace }) {
  useEffect(() => void loadCatalogue(), [])
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState(() => load<Order>(KEY, 'changed'))
  const starting = useOpening((name: string) => createPipeline({ name, workspace: workspace.id }))
  const sort = (chosen: Order) => {
    setOrder(chosen)
    save(KEY, chosen)
  }
  const actions = (
    <>
      <Filter search={search} order={order} onSearch={setSearch} onOrder={sort} />
      {mayEdit(workspace) && (
        <>
          <Button variant="default" leftSection={<IconTrophy size={16} stroke={1.6} />} component={Link} href="/automl">Train best model</Button>
          <ImportButton workspace={workspace.id} />
          <Button leftSection={<IconPlus size={16} />} loading={starting.isPending} onClick={() => starting.mutate('New pipeline')}>New pipeline</Button>
        </>
      )}
    </>
  )
  return (
    <div className={classes.home}>
      <div className={classes.main}>
        <PageHead title="Pipelines" actions={actions} />
        <Lists workspace={workspace} search={search} order={order} />
      </div>
      <aside className={classes.side} aria-label="Activity">
        <RecentRuns workspace={workspace.id} />
        <Storage workspace={workspace.id} />
      </aside>
    </div>
  )
}
