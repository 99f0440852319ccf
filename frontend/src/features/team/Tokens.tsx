import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Token } from '../../core/people'
import { asApiError, createToken, deleteToken, getTokens } from '../../server/rest'
import { Asked } from '../../ui/Asked'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { Moment } from '../../ui/Moment'
import { Section } from '../../ui/Section'
import { CopyLine } from './CopyLine'

const KEY = ['tokens']

/** Tokens with which programs act as you. */
export function Tokens() {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const tokens = useQuery({ queryKey: KEY, queryFn: getTokens })
  const refresh = () => queries.invalidateQueries({ queryKey: KEY })
  const make = useMutation({
    mutationFn: () => createToken(name.trim()),
    onSuccess: async () => {
      setName('')
      await refresh()
    },
  })
  const remove = useMutation({ mutationFn: deleteToken, onSettled: refresh })
  const error = make.error ?? remove.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) make.mutate()
  }
  return (
    <Section title="API tokens" help="A program that sends one as 'Authorization: Bearer …' may do all that you may do.">
      <Stack gap="xs" mb="sm">
        <form onSubmit={submit}>
          <Group gap="xs" align="flex-end">
            <TextInput size="xs" label="What it is for" placeholder="Nightly report" w={240} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <Button size="xs" type="submit" loading={make.isPending} disabled={!name.trim()}>Make a token</Button>
          </Group>
        </form>
        {make.data && <CopyLine label={`Token for ${make.data.name}`} help="Copy it now: it is not shown again." text={make.data.token} />}
        {error && <Failure error={asApiError(error)} />}
      </Stack>
      <Asked query={tokens}>
        {(all) => all.length === 0 ? <Empty title="No tokens">Make one to run pipelines from a script.</Empty> : <TokenList tokens={all} onRemove={remove.mutate} />}
      </Asked>
    </Section>
  )
}

function TokenList({ tokens, onRemove }: { tokens: Token[]; onRemove: (id: string) => void }) {
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">For</th><th scope="col">Made</th><th scope="col">Last used</th><td /></tr></thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <td>{token.name}</td>
              <td className={list.soft}><Moment at={token.created_at} /></td>
              <td className={list.soft}>{token.last_used_at ? <Moment at={token.last_used_at} /> : 'Never'}</td>
              <td data-number><Button size="compact-xs" variant="subtle" color="gray" onClick={() => onRemove(token.id)}>Revoke</Button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
