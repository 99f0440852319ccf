/** The first page: pipelines, samples to start from, and what ran lately. */
import { Button, Group, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { mayEdit, type Workspace } from '../../core/people'
import { asApiError, createPipeline, openSample, type Pipeline } from '../../server/rest'
import { useCatalogue } from '../../state/catalogue'
import { pipelinesQuery, samplesQuery } from '../../state/pipelines'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import classes from './Home.module.css'
import { PipelineCard } from './PipelineCard'
import { RecentRuns } from './RecentRuns'
import { Thumbnail } from './Thumbnail'
import { summarise } from './summarise'

/** Makes a pipeline and goes there. */
function useOpening(make: (asked: string) => Promise<Pipeline>) {
  const [, navigate] = useLocation()
  const client = useQueryClient()
  return useMutation({
    mutationFn: make,
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['pipelines'] })
      navigate(`/pipelines/${id}`)
    },
    onError: (reason) => {
      const { words, remedy } = asApiError(reason)
      notifications.show({ message: [words, remedy].filter(Boolean).join(' '), color: 'red' })
    },
  })
}

function Samples({ workspace }: { workspace: string }) {
  const { data, error, refetch } = useQuery(samplesQuery)
  const catalogue = useCatalogue()
  const opening = useOpening((slug) => openSample(slug, workspace))
  if (error) return <Failure error={asApiError(error)} onRetry={() => void refetch()} />
  return (
    <div className={classes.grid}>
      {data?.map((sample) => (
        <button key={sample.slug} type="button" className={classes.card} disabled={opening.isPending} onClick={() => opening.mutate(sample.slug)}>
          <Thumbnail summary={summarise(sample.graph, catalogue)} />
          <span className={classes.words}>
            <strong>{sample.title}</strong>
            <span>{sample.summary}</span>
            <span className={classes.faint}>{sample.modules} modules · opens as your own copy</span>
          </span>
        </button>
      ))}
    </div>
  )
}

function Pipelines({ workspace }: { workspace: Workspace }) {
  const { data, error, refetch } = useQuery(pipelinesQuery(workspace.id))
  if (error) return <Failure error={asApiError(error)} onRetry={() => void refetch()} />
  if (!data) return null
  if (data.length === 0 && !mayEdit(workspace)) return <Empty title="No pipelines yet">Those who may change things here have not made one.</Empty>
  if (data.length === 0) return <Empty title="No pipelines yet">Open a sample below to see a whole pipeline work, or start with an empty canvas and drop your own file on it.</Empty>
  return <div className={classes.grid}>{data.map((pipeline) => <PipelineCard key={pipeline.id} pipeline={pipeline} />)}</div>
}

export function Home({ workspace }: { workspace: Workspace }) {
  const starting = useOpening((name) => createPipeline({ name, workspace: workspace.id }))
  const edits = mayEdit(workspace)
  return (
    <div className={classes.home}>
      <Group justify="space-between">
        <Title order={1} size="h3">Pipelines</Title>
        {edits && <Button leftSection={<IconPlus size={16} />} loading={starting.isPending} onClick={() => starting.mutate('New pipeline')}>New pipeline</Button>}
      </Group>
      <Pipelines workspace={workspace} />
      {edits && <Title order={2} fz={17} mt="lg">Samples</Title>}
      {edits && <Text fz={14} c="dimmed">Each opens as a copy you can change, with its data at hand.</Text>}
      {edits && <Samples workspace={workspace.id} />}
      <Title order={2} fz={17} mt="lg">Recent runs</Title>
      <RecentRuns workspace={workspace.id} />
    </div>
  )
}
