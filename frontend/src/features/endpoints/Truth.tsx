import { Button, Group, Select, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { count } from '../../core/base/numbers'
import { choicesOf } from '../../core/data/datasets'
import type { EndpointTruth } from '../../core/endpoints/truth'
import { addTruth, asApiError, changeKeeping, getDatasets } from '../../server/rest'
import { endpointKey, useTruth } from '../../state/endpoints'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { NumberField } from '../../ui/NumberField'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { TruthFigures } from './TruthFigures'

interface Props {
  endpoint: string
  workspace: string
  edits: boolean
  admin: boolean
}

/** How the answers did, by the day on which they were given, once it is known what was true. */
export function Truth({ endpoint, workspace, edits, admin }: Props) {
  const truth = useTruth(endpoint)
  return (
    <Section title="Truth" help="What turned out to be true is joined to the answers that are kept. Figures are by the day of the answer, in UTC.">
      <QueryBoundary query={truth}>
        {(found) => (
          <Stack gap="sm">
            {!found.keeps && <p className={list.soft}>Answers are not kept, so no truth can be joined to them. An admin can switch it on below.</p>}
            {found.days.length > 0 && <TruthFigures found={found} />}
            {found.keeps && edits && <Add endpoint={endpoint} workspace={workspace} byKey={found.key} />}
            {found.keeps && admin && <Bound endpoint={endpoint} found={found} />}
          </Stack>
        )}
      </QueryBoundary>
    </Section>
  )
}

/** Truth from two columns of a dataset. */
function Add({ endpoint, workspace, byKey }: { endpoint: string; workspace: string; byKey: string }) {
  const queries = useQueryClient()
  const datasets = useQuery({ queryKey: ['datasets', 'truth', workspace], queryFn: () => getDatasets(workspace) })
  const [name, setName] = useState<string | null>(null)
  const [key, setKey] = useState<string | null>(null)
  const [actual, setActual] = useState<string | null>(null)
  const add = useMutation({ mutationFn: () => addTruth(endpoint, { dataset: name ?? '', key: key ?? '', actual: actual ?? '' }), onSuccess: () => queries.invalidateQueries({ queryKey: endpointKey(endpoint) }) })
  const columns = datasets.data?.find((dataset) => dataset.name === name)?.columns.map((column) => column.name) ?? []
  return (
    <form onSubmit={(event) => { event.preventDefault(); add.mutate() }}>
      <Group gap="sm" align="flex-end">
        <Select searchable label="Add truth from a dataset" w={220} data={choicesOf(datasets.data?.filter((dataset) => dataset.workspace !== null) ?? [])} value={name} onChange={setName} />
        <Select searchable label={byKey ? `Column with ${byKey}` : 'Column with request ids'} w={200} data={columns} value={key} onChange={setKey} />
        <Select searchable label="Column with the truth" w={200} data={columns} value={actual} onChange={setActual} />
        <Button type="submit" variant="default" disabled={!name || !key || !actual} loading={add.isPending}>Add truth</Button>
      </Group>
      <div role="status" className={list.soft}>{add.data && `${count(add.data.stored)} stored, of which ${count(add.data.joined)} have an answer that is kept.`}</div>
      {add.error && <Failure error={asApiError(add.error)} />}
    </form>
  )
}

function Bound({ endpoint, found }: { endpoint: string; found: EndpointTruth }) {
  const queries = useQueryClient()
  const [bound, setBound] = useState<number | string>(found.bound ?? '')
  const save = useMutation({ mutationFn: () => changeKeeping(endpoint, { bound: bound === '' ? null : Number(bound) }), onSuccess: () => queries.invalidateQueries({ queryKey: endpointKey(endpoint) }) })
  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Group gap="sm" align="flex-end">
        <NumberField label={found.task === 'classes' ? 'Alarm below an accuracy of' : 'Alarm above a mean absolute error of'} description={`Empty for no alarm. Fewer than ${found.least_labels} labels raise none.`} w={320} min={0} max={found.task === 'classes' ? 1 : undefined} value={bound} onChange={setBound} />
        <Button type="submit" variant="default" loading={save.isPending}>Save bound</Button>
      </Group>
      {save.error && <Failure error={asApiError(save.error)} />}
    </form>
  )
}
