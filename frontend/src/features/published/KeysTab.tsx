import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Published, PublishedKey } from '../../core/published/published'
import { expiryOf, LIFETIMES } from '../../core/team/people'
import { asApiError, createPublishedKey, getPublishedKeys, revokePublishedKey } from '../../server/rest'
import { publishedKey } from '../../state/published'
import { Box } from '../../ui/Box'
import { CopyLine } from '../../ui/CopyLine'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'
import { useNow } from '../../ui/useNow'

/** The keys of a published pipeline, one per client. */
export function KeysTab({ published, edits }: { published: Published; edits: boolean }) {
  const queries = useQueryClient()
  const queryKey = [...publishedKey(published.id), 'keys']
  const keys = useQuery({ queryKey, queryFn: () => getPublishedKeys(published.id) })
  const refresh = () => queries.invalidateQueries({ queryKey })
  const revoke = useMutation({ mutationFn: (key: string) => revokePublishedKey(published.id, key), onSettled: refresh })
  return (
    <Section title="Keys" help="A program sends its key as “Authorization: Bearer …”. It opens this published pipeline alone, with the rights of the person who made it.">
      {edits && <NewKey published={published} onMade={refresh} />}
      {revoke.error && <Failure error={asApiError(revoke.error)} />}
      <QueryBoundary query={keys}>
        {(all) => all.length === 0
          ? <Box><Empty title="No keys yet" icon={IconKey}>{edits ? 'Members use their own API tokens. Create a key for each program of somebody else.' : 'An admin of the workspace can create one.'}</Empty></Box>
          : <List keys={all} onRevoke={edits ? revoke.mutate : null} />}
      </QueryBoundary>
    </Section>
  )
}

function NewKey({ published, onMade }: { published: Published; onMade: () => Promise<void> }) {
  const [name, setName] = useState('')
  const [lasts, setLasts] = useState('365')
  const make = useMutation({
    mutationFn: () => createPublishedKey(published.id, { name: name.trim(), days: lasts === 'never' ? null : Number(lasts) }),
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
          <TextInput label="Client" placeholder="Nightly job" w={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect label="Expires after" data={LIFETIMES} value={lasts} onChange={(event) => setLasts(event.currentTarget.value)} />
          <Button type="submit" loading={make.isPending} disabled={!name.trim()}>Create key</Button>
        </Group>
      </form>
      {make.data && <CopyLine label={`Key for ${make.data.name}`} help="Copy it now: it is not shown again." text={make.data.key} />}
      {make.error && <Failure error={asApiError(make.error)} />}
    </Stack>
  )
}

function List({ keys, onRevoke }: { keys: PublishedKey[]; onRevoke: ((id: string) => void) | null }) {
  const now = useNow(false)
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Client</th><th scope="col">Key</th><th scope="col">Expires</th><th scope="col" data-wide>Created</th><th scope="col" data-wide>Last used</th><td /></tr></thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <th scope="row">{key.name}</th>
              <td><code>{key.start}…</code></td>
              <td title={key.expires_at ?? undefined}>{expiryOf(key, now).words}</td>
              <td data-wide className={list.soft}><Timestamp at={key.created_at} /> by {key.by}</td>
              <td data-wide className={list.soft}>{key.last_used_at ? <Timestamp at={key.last_used_at} /> : 'Never'}</td>
              <td data-actions>{onRevoke && <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key.id)}>Revoke</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
