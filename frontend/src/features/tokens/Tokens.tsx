import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { expiryOf, LIFETIMES, SCOPES, type Scope, type Token } from '../../core/team/people'
import { asApiError, createToken, deleteToken, getTokens } from '../../server/rest'
import { tokensKey } from '../../state/me'
import { Box } from '../../ui/Box'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { Timestamp } from '../../ui/Timestamp'
import { Section } from '../../ui/Section'
import { useNow } from '../../ui/useNow'
import { CopyLine } from '../../ui/CopyLine'

/** Tokens with which programs act as the user. */
export function Tokens() {
  const queries = useQueryClient()
  const tokens = useQuery({ queryKey: tokensKey, queryFn: getTokens })
  const refresh = () => queries.invalidateQueries({ queryKey: tokensKey })
  const remove = useMutation({ mutationFn: deleteToken, onSettled: refresh })
  return (
    <Section title="API tokens" help="A program that sends a token as “Authorization: Bearer …” acts as you, within the token’s scope. Changing your password revokes all tokens.">
      <NewToken onMade={refresh} />
      {remove.error && <Failure error={asApiError(remove.error)} />}
      <QueryBoundary query={tokens}>
        {(all) => all.length === 0 ? <Box><Empty title="No tokens yet" icon={IconKey}>Create one to run pipelines from a script.</Empty></Box> : <TokenList tokens={all} onRemove={remove.mutate} />}
      </QueryBoundary>
    </Section>
  )
}

function NewToken({ onMade }: { onMade: () => Promise<void> }) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<Scope>('write')
  const [lasts, setLasts] = useState('90')
  const make = useMutation({
    mutationFn: () => createToken({ name: name.trim(), scope, days: lasts === 'never' ? null : Number(lasts) }),
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
          <TextInput label="Token name" placeholder="Nightly report" w={240} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect label="Scope" data={SCOPES} value={scope} onChange={(event) => setScope(event.currentTarget.value as Scope)} />
          <NativeSelect label="Expires after" data={LIFETIMES} value={lasts} onChange={(event) => setLasts(event.currentTarget.value)} />
          <Button type="submit" loading={make.isPending} disabled={!name.trim()}>Create token</Button>
        </Group>
      </form>
      {make.data && <CopyLine label={`Token for ${make.data.name}`} help="Copy it now: it is not shown again." text={make.data.token} />}
      {make.error && <Failure error={asApiError(make.error)} />}
    </Stack>
  )
}

function TokenList({ tokens, onRemove }: { tokens: Token[]; onRemove: (id: string) => void }) {
  const now = useNow(false)
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Name</th><th scope="col">Scope</th><th scope="col">Expires</th><th scope="col" data-wide>Created</th><th scope="col" data-wide>Last used</th><td /></tr></thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <td data-name>{token.name}</td>
              <td>{SCOPES.find(({ value }) => value === token.scope)?.label}</td>
              <td title={token.expires_at ?? undefined}>{expiryOf(token, now).words}</td>
              <td data-wide className={list.soft}><Timestamp at={token.created_at} /></td>
              <td data-wide className={list.soft}>{token.last_used_at ? <Timestamp at={token.last_used_at} /> : 'Never'}</td>
              <td data-actions><Button size="compact-xs" variant="subtle" color="gray" aria-label={`Revoke ${token.name}`} onClick={() => onRemove(token.id)}>Revoke</Button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
