/** The home page: pipelines, samples to start from, and recent runs. */
import { Button, Group, Skeleton, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { mayEdit, type Workspace } from '../../core/team/people'
import { asApiError, createPipeline } from '../../server/rest'
import { loadCatalogue } from '../../state/catalogue'
import { pipelinesQuery, recentRunsQuery, samplesQuery } from '../../state/pipelines'
import { Failure } from '../../ui/Failure'
import classes from './Home.module.css'
import { ImportButton } from './ImportButton'
import { Pipelines } from './Pipelines'
import { RecentRuns } from './RecentRuns'
import { Samples } from './Samples'
import { useOpening } from '../../state/opening'

const CARD_HEIGHT = 215

/** Shown until everything has loaded, so that nothing moves under a pointer. */
function Loading() {
  return <div className={classes.grid} aria-busy>{[1, 2, 3, 4].map((key) => <Skeleton key={key} h={CARD_HEIGHT} radius={8} />)}</div>
}

function Lists({ workspace }: { workspace: Workspace }) {
  const pipelines = useQuery(pipelinesQuery(workspace.id))
  const samples = useQuery(samplesQuery)
  const runs = useQuery(recentRunsQuery(workspace.id))
  if (pipelines.isPending || samples.isPending || runs.isPending) return <Loading />
  const failed = ({ error, refetch }: typeof pipelines | typeof samples | typeof runs) => error && <Failure error={asApiError(error)} onRetry={() => void refetch()} />
  return (
    <>
      {pipelines.data ? <Pipelines pipelines={pipelines.data} workspace={workspace} /> : failed(pipelines)}
      {mayEdit(workspace) && (
        <>
          <Title order={2} fz={17} mt="lg">Samples</Title>
          <Text fz={14} c="dimmed">Each opens as a copy you can change, with its data included.</Text>
          {samples.data ? <Samples samples={samples.data} workspace={workspace.id} /> : failed(samples)}
        </>
      )}
      <Title order={2} fz={17} mt="lg">Recent runs</Title>
      {runs.data ? <RecentRuns runs={runs.data} /> : failed(runs)}
    </>
  )
}

export default function HomePage({ workspace }: { workspace: Workspace }) {
  useEffect(() => void loadCatalogue(), [])
  const starting = useOpening((name: string) => createPipeline({ name, workspace: workspace.id }))
  return (
    <div className={classes.home}>
      <Group justify="space-between">
        <Title order={1} size="h3">Pipelines</Title>
        {mayEdit(workspace) && (
          <Group gap="xs">
            <ImportButton workspace={workspace.id} />
            <Button leftSection={<IconPlus size={16} />} loading={starting.isPending} onClick={() => starting.mutate('New pipeline')}>New pipeline</Button>
          </Group>
        )}
      </Group>
      <Lists workspace={workspace} />
    </div>
  )
}
