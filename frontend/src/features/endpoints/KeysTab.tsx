import { Button, Group, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { count } from '../../core/base/numbers'
import type { Endpoint, EndpointKey } from '../../core/endpoints/endpoints'
import { expiryOf, LIFETIMES } from '../../core/team/people'
import { asApiError, createEndpointKey, getEndpointKeys, revokeEndpointKey } from '../../server/rest'
import { endpointKey } from '../../state/endpoints'
import { Box } from '../../ui/Box'
import { CopyLine } from '../../ui/CopyLine'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'
import { useNow } from '../../ui/useNow'

/** The keys of an endpoint, one per client. */
export function KeysTab({ endpoint, edits }: { endpoint: Endpoint; edits: boolean }) {
  const queries = useQueryClient()
  const queryKey = [...endpointKey(endpoint.id), 'keys']
  const keys = useQuery({ queryKey, queryFn: () => getEndpointKeys(endpoint.id) })
  const refresh = () => queries.invalidateQueries({ queryKey })
  const revoke = useMutation({ mutationFn: (key: string) => revokeEndpointKey(endpoint.id, key), onSettled: refresh })
  return (
    <Section title="Keys" help="A program sends its key as “Authorization: Bearer …” or “X-API-Key: …”. Give each client one of its own; a revoked key is refused within a second.">
      {edits && <NewKey endpoint={endpoint} onMade={refresh} />}
      {revoke.error && <Failure error={asApiError(revoke.error)} />}
      <QueryBoundary query={keys}>
        {(all) => all.length === 0
          ? <Box><Empty title="No keys yet" icon={IconKey}>{edits ? 'Without a key nobody can call the endpoint. Create one for the first client.' : 'An admin of the workspace can create one.'}</Empty></Box>
          : <List keys={all} onRevoke={edits ? revoke.mutate : null} />}
      </QueryBoundary>
    </Section>
  )
}

function NewKey({ endpoint, onMade }: { endpoint: Endpoint; onMade: () => Promise<void> }) {
  const [name, setName] = useState('')
  const [lasts, setLasts] = useState('365')
  const [rate, setRate] = useState<number | string>('')
  const make = useMutation({
    mutationFn: () => createEndpointKey(endpoint.id, { name: name.trim(), days: lasts === 'never' ? null : Number(lasts), rate: rate === '' ? null : Number(rate) }),
    onSuccess: async () => {
      setName('')
      await onMade()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) make.mutate()
  }
  return (
    <Stack gap="xs" mb="sm">
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-end">
          <TextInput label="Client" placeholder="Web shop" w={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect label="Expires after" data={LIFETIMES} value={lasts} onChange={(event) => setLasts(event.currentTarget.value)} />
          <NumberInput label="Requests a minute" placeholder={count(endpoint.limits.rate)} w={160} min={1} allowDecimal={false} value={rate} onChange={setRate} />
          <Button type="submit" loading={make.isPending} disabled={!name.trim()}>Create key</Button>
        </Group>
      </form>
      {make.data && <CopyLine label={`Key for ${make.data.name}`} help="Copy it now: it is not shown again." text={make.data.key} />}
      {make.error && <Failure error={asApiError(make.error)} />}
    </Stack>
  )
}

function List({ keys, onRevoke }: { keys: EndpointKey[]; onRevoke: ((id: string) => void) | null }) {
  const now = useNow(false)
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Client</th><th scope="col">Key</th><th scope="col">Expires</th><th scope="col" data-number data-wide>Requests a minute</th><th scope="col" data-wide>Created</th><th scope="col" data-wide>Last used</th><td /></tr></thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <th scope="row">{key.name}</th>
              <td><code>{key.start}…</code></td>
              <td title={key.expires_at ?? undefined}>{expiryOf(key, now).words}</td>
              <td data-number data-wide>{key.rate === null ? 'The endpoint’s' : count(key.rate)}</td>
              <td data-wide className={list.soft}><Timestamp at={key.created_at} /></td>
              <td data-wide className={list.soft}>{key.last_used_at ? <Timestamp at={key.last_used_at} /> : 'Never'}</td>
              <td data-actions>{onRevoke && <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key.id)}>Revoke</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
