import { Anchor, Button, Checkbox, Group, MultiSelect, Select, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { counted, exactly } from '../../core/base/numbers'
import { keptWords, type EndpointKeeping } from '../../core/endpoints/truth'
import { asApiError, changeKeeping, collectKept, forgetRequest } from '../../server/rest'
import { endpointKey, useKeeping } from '../../state/endpoints'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { NumberField } from '../../ui/NumberField'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'

interface Props {
  endpoint: string
  edits: boolean
  admin: boolean
}

/** What is kept of requests: said to everybody, changed by admins. */
export function Keeping({ endpoint, edits, admin }: Props) {
  const keeping = useKeeping(endpoint)
  return (
    <Section title="Kept rows" help="Values are counted without keeping rows. Rows and answers of requests are kept only as far as it says here.">
      <QueryBoundary query={keeping}>
        {(found) => (
          <Stack gap="sm">
            <Now endpoint={endpoint} found={found} edits={edits} />
            {admin && <Form endpoint={endpoint} found={found} />}
            {admin && (found.samples.rows > 0 || found.predictions.rows > 0) && <Forget endpoint={endpoint} />}
          </Stack>
        )}
      </QueryBoundary>
    </Section>
  )
}

function Now({ endpoint, found, edits }: { endpoint: string; found: EndpointKeeping; edits: boolean }) {
  const queries = useQueryClient()
  const collect = useMutation({ mutationFn: () => collectKept(endpoint), onSettled: () => queries.invalidateQueries({ queryKey: endpointKey(endpoint) }) })
  const there = ({ rows, oldest }: EndpointKeeping['samples'], one: string, many: string) => counted(rows, one, many) + (oldest ? `, the oldest of ${exactly(oldest)}` : '')
  return (
    <div>
      <div>{keptWords(found)}</div>
      <div className={list.soft}>Now: {there(found.samples, 'row', 'rows')}; {there(found.predictions, 'answer', 'answers')}.{found.too_fast > 0 && ` ${counted(found.too_fast, 'row', 'rows')} came too fast to be kept.`}</div>
      {found.problem && <div role="alert">The dataset could not be made: {found.problem}</div>}
      <Group mt="xs" gap="sm">
        {edits && found.samples.rows > 0 && <Button variant="default" size="xs" data-once loading={collect.isPending} onClick={() => collect.mutate()}>Make a dataset version now</Button>}
        {found.dataset && <Anchor component={Link} href={`/datasets/${found.dataset}`}>Dataset {found.dataset_name}</Anchor>}
      </Group>
      {collect.error && <Failure error={asApiError(collect.error)} />}
    </div>
  )
}

function Form({ endpoint, found }: { endpoint: string; found: EndpointKeeping }) {
  const queries = useQueryClient()
  const names = [...found.kept, ...found.left_out].toSorted((one, two) => one.localeCompare(two))
  const [form, setForm] = useState({ share: found.share, days: found.days, answers: found.answers, answer_days: found.answer_days, key: found.key, sensitive: found.sensitive, columns: found.columns })
  const set = (part: Partial<typeof form>) => setForm((now) => ({ ...now, ...part }))
  const same = found.guessed && form.sensitive.length === found.sensitive.length && form.sensitive.every((name) => found.sensitive.includes(name))
  const save = useMutation({ mutationFn: () => changeKeeping(endpoint, { ...form, sensitive: same ? null : form.sensitive }), onSuccess: () => queries.invalidateQueries({ queryKey: endpointKey(endpoint) }) })
  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <NumberField label="Rows of requests" description="0 keeps none" w={180} min={0} max={100} suffix={'\u00a0%'} value={form.share} onChange={(value) => set({ share: Number(value) || 0 })} />
          <NumberField label="Days they are kept" w={180} min={1} max={366} allowDecimal={false} value={form.days} onChange={(value) => set({ days: Number(value) || 1 })} />
        </Group>
        <MultiSelect searchable maw={640} label="Sensitive inputs" description={found.guessed ? 'Guessed by their names. They are not kept unless you choose them below.' : 'They are not kept unless you choose them below.'} data={names} value={form.sensitive} onChange={(sensitive) => set({ sensitive })} />
        <Checkbox label="Choose the inputs that are kept" description="Otherwise all that are not sensitive, also of later versions." checked={form.columns !== null} onChange={(event) => set({ columns: event.currentTarget.checked ? found.kept : null })} />
        {form.columns !== null && <MultiSelect searchable maw={640} label="Inputs that are kept" data={names} value={form.columns} onChange={(columns) => set({ columns })} />}
        <Checkbox label="Keep the answers of all requests" description="To compare them with what turns out to be true." checked={form.answers} onChange={(event) => set({ answers: event.currentTarget.checked })} />
        {form.answers && (
          <Group gap="sm" align="flex-end">
            <NumberField label="Days they are kept" w={180} min={1} max={366} allowDecimal={false} value={form.answer_days} onChange={(value) => set({ answer_days: Number(value) || 1 })} />
            <Select label="The truth is joined by" w={220} allowDeselect={false} data={[{ value: '', label: 'the request id' }, ...names.map((name) => ({ value: name, label: name }))]} value={form.key} onChange={(key) => set({ key: key ?? '' })} />
          </Group>
        )}
        <Group><Button type="submit" variant="default" loading={save.isPending}>Save what is kept</Button></Group>
        {save.error && <Failure error={asApiError(save.error)} />}
      </Stack>
    </form>
  )
}

/** Deletes the rows of one request. */
function Forget({ endpoint }: { endpoint: string }) {
  const queries = useQueryClient()
  const [request, setRequest] = useState('')
  const forget = useMutation({ mutationFn: () => forgetRequest(endpoint, request.trim()), onSettled: () => queries.invalidateQueries({ queryKey: endpointKey(endpoint) }) })
  return (
    <form onSubmit={(event) => { event.preventDefault(); forget.mutate() }}>
      <Group gap="sm" align="flex-end">
        <TextInput label="Delete what is kept of a request" description="Its rows and answers go, also from the dataset." placeholder="Request id" w={320} value={request} onChange={(event) => setRequest(event.currentTarget.value)} />
        <Button type="submit" variant="default" color="red" disabled={request.trim() === ''} loading={forget.isPending}>Delete</Button>
      </Group>
      <div role="status" className={list.soft}>{forget.data && `${counted(forget.data.rows, 'row was', 'rows were')} deleted.`}</div>
      {forget.error && <Failure error={asApiError(forget.error)} />}
    </form>
  )
}
