import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ago } from '../../core/base/numbers'
import { endpointNameProblem, isShare, runToPublish, type Endpoint } from '../../core/endpoints/endpoints'
import { asApiError, createEndpoint, getRuns, publishVersion } from '../../server/rest'
import { useFinishedRun, useScoredChoices } from '../../state/scoring'
import { Dialog } from '../../ui/Dialog'
import { NumberField } from '../../ui/NumberField'
import { useNow } from '../../ui/useNow'

interface Props {
  workspace: string
  /** The endpoint that gets another version; none for a new endpoint. */
  endpoint?: Endpoint
  /** The run that is published; without one it is chosen here. */
  run?: string
  /** The output of the run whose scores are served, as node.port; without one the first. */
  scored?: string
  onClose: () => void
}

/** Publishes a run's model: as a new endpoint, or as another version of one. */
export function PublishForm({ workspace, endpoint, run: given, scored, onClose }: Props) {
  const queries = useQueryClient()
  const [, go] = useLocation()
  const now = useNow(false)
  const runs = useQuery({ queryKey: ['runs', { workspace }], queryFn: () => getRuns({ workspace }), enabled: given === undefined })
  const done = (runs.data ?? []).filter(({ state }) => state === 'done')
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState(given ?? '')
  const [output, setOutput] = useState(scored ?? '')
  const [share, setShare] = useState<number | string>(10)
  const [why, setWhy] = useState('')
  const run = chosen || runToPublish(done, endpoint?.listed[0]?.pipeline)?.id || ''
  // With several scoring steps: the one that is asked for, else that of the newest version, else the first.
  const outputs = useScoredChoices(useFinishedRun(run).data)
  const node = [output, endpoint?.listed[0]?.node].find((each) => outputs.some(({ value }) => value === each)) ?? outputs[0]?.value
  const publish = useMutation({
    mutationFn: async () => {
      if (!endpoint) return (await createEndpoint({ name, run, workspace, why, node })).id
      await publishVersion(endpoint.id, { run, share: Number(share), why, node })
      return endpoint.id
    },
    onSuccess: async (id) => {
      await queries.invalidateQueries({ queryKey: ['endpoints'] })
      onClose()
      go(`/endpoints/${id}`)
    },
  })
  const trouble = !endpoint && name ? endpointNameProblem(name) : null
  const ready = run !== '' && trouble === null && (endpoint ? isShare(share) : name !== '')
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={publish.isPending} disabled={!ready}>Publish</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={endpoint ? `Publish a version of ${endpoint.name}` : 'Publish an endpoint'} error={publish.error && asApiError(publish.error)} onSubmit={() => ready && publish.mutate()} buttons={buttons}>
      {!endpoint && <TextInput label="Name" description="Part of the address that programs call." placeholder="car-prices" data-autofocus value={name} error={trouble} onChange={(event) => setName(event.currentTarget.value)} />}
      {given === undefined && (
        <NativeSelect
          label="Run" description="A finished run that scores rows with a trained model." value={run} onChange={(event) => setChosen(event.currentTarget.value)}
          data={done.map(({ id, pipeline, created_at }) => ({ value: id, label: `${pipeline?.name ?? 'Deleted pipeline'}, ${ago(created_at, now)}` }))}
          error={runs.isSuccess && done.length === 0 ? 'There is no finished run yet. Run a pipeline first.' : null}
        />
      )}
      {outputs.length > 1 && <NativeSelect label="Scores of" description="The step whose scores are served." data={outputs} value={node} onChange={(event) => setOutput(event.currentTarget.value)} />}
      {endpoint && <NumberField label="Share of the requests, in percent" description="What the version takes as soon as it is proven; 0 to publish it without requests." min={0} max={100} allowDecimal={false} value={share} onChange={setShare} />}
      <TextInput label="Reason" description="For the history; optional." value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
    </Dialog>
  )
}
