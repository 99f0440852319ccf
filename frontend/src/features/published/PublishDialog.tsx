import { Button, NativeSelect, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { endpointNameProblem } from '../../core/endpoints/endpoints'
import type { Published } from '../../core/published/published'
import { asApiError, createPublished, getConnections, getEndpoints, getPipelines, publishPipeline } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'

interface Props {
  workspace: string
  /** What gets another version; none for a new published pipeline. */
  published?: Published
  /** The pipeline that is published; without one it is chosen here. */
  pipeline?: string
  onClose: () => void
}

const WHAT = [{ value: 'pipeline', label: 'A pipeline' }, { value: 'endpoint', label: 'Scores of an endpoint' }]

/** Publishes a pipeline as it is drawn, or the scores of an endpoint: under a new name, or as another version. */
export function PublishDialog({ workspace, published, pipeline: given, onClose }: Props) {
  const queries = useQueryClient()
  const [, go] = useLocation()
  const [what, setWhat] = useState('pipeline')
  const pipelines = useQuery({ queryKey: ['pipelines', { workspace }], queryFn: () => getPipelines(workspace), enabled: what === 'pipeline' })
  const endpoints = useQuery({ queryKey: ['endpoints', { workspace }], queryFn: () => getEndpoints(workspace), enabled: what === 'endpoint' })
  const connections = useQuery({ queryKey: ['connections', 'databases', workspace], queryFn: () => getConnections(workspace), enabled: what === 'endpoint' })
  const [database, setDatabase] = useState('')
  const [query, setQuery] = useState('')
  const before = published?.listed.find(({ number }) => number === published.default)
  const [chosen, setChosen] = useState(given ?? before?.pipeline ?? '')
  const [endpoint, setEndpoint] = useState('')
  const [name, setName] = useState('')
  const [moves, setMoves] = useState(true)
  const [why, setWhy] = useState('')
  const usable = (endpoints.data ?? []).filter(({ state }) => state === 'serving' || state === 'ready')
  const known = (pipelines.data ?? []).some(({ id }) => id === chosen)
  const pipeline = known ? chosen : pipelines.data?.[0]?.id ?? ''
  const scored = endpoint || usable[0]?.id || ''
  const publish = useMutation({
    mutationFn: async () => {
      const source = what === 'pipeline' ? { pipeline } : { scoring: { endpoint: scored, ...(database && { database, query }) } }
      if (!published) return (await createPublished({ name, why, ...source })).id
      await publishPipeline(published.id, { ...source, why, default: moves, expected: published.default })
      return published.id
    },
    onSuccess: async (id) => {
      await queries.invalidateQueries({ queryKey: ['published'] })
      onClose()
      go(`/published/${id}`)
    },
  })
  const trouble = !published && name ? endpointNameProblem(name) : null
  const ready = (what === 'pipeline' ? pipeline : scored) !== '' && (what === 'pipeline' || database === '' || query.trim() !== '') && trouble === null && (published !== undefined || name !== '')
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={publish.isPending} disabled={!ready}>Publish</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={published ? `Publish a version of ${published.name}` : 'Publish a pipeline'} error={publish.error && asApiError(publish.error)} onSubmit={() => ready && publish.mutate()} buttons={buttons}>
      {given === undefined && <SegmentedControl data={WHAT} value={what} onChange={setWhat} aria-label="What is published" />}
      {!published && <TextInput label="Name" description="How people and programs know it." placeholder="monthly-report" data-autofocus value={name} error={trouble} onChange={(event) => setName(event.currentTarget.value)} />}
      {what === 'pipeline'
        ? (
          <NativeSelect
            label="Pipeline" description="It is published as it is drawn now. Later edits change nothing until you publish again." value={pipeline} onChange={(event) => setChosen(event.currentTarget.value)}
            data={(pipelines.data ?? []).map(({ id, name: title }) => ({ value: id, label: title }))} error={pipelines.isSuccess && pipelines.data.length === 0 ? 'There is no pipeline yet.' : null}
          />
        )
        : (
          <>
            <NativeSelect
              label="Endpoint" description="Tables are scored in batches on all workers, exactly as the endpoint answers. A pipeline is made for it." value={scored} onChange={(event) => setEndpoint(event.currentTarget.value)}
              data={usable.map(({ id, name: title }) => ({ value: id, label: title }))} error={endpoints.isSuccess && usable.length === 0 ? 'There is no endpoint that is ready. Publish one first.' : null}
            />
            <NativeSelect
              label="Rows to score" description="Each request may choose another dataset. A database is read in each run." value={database} onChange={(event) => setDatabase(event.currentTarget.value)}
              data={[{ value: '', label: 'A dataset' }, ...(connections.data ?? []).filter(({ kind }) => kind === 'database').map(({ name: title }) => ({ value: title, label: `The database of the connection ${title}` }))]}
            />
            {database && <Textarea label="Query" description="One SELECT statement that gives the columns of the endpoint." autosize minRows={3} maxRows={10} placeholder="SELECT * FROM customers" value={query} onChange={(event) => setQuery(event.currentTarget.value)} />}
          </>
        )}
      {published && <Switch label="Make it the default" description="Requests that name no version run the default." checked={moves} onChange={(event) => setMoves(event.currentTarget.checked)} />}
      <TextInput label="Reason" description="For the history; optional." value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
    </Dialog>
  )
}
