import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { type QueryKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { LIFETIMES } from '../core/team/people'
import { asApiError } from '../core/base/apiError'
import { Box } from './Box'
import { ConfirmAction } from './ConfirmAction'
import { CopyLine } from './CopyLine'
import { Empty } from './Empty'
import { Failure } from './Failure'
import { QueryBoundary } from './QueryBoundary'
import { type Column, type Key, SecretKeyList } from './SecretKeyList'
import { Section } from './Section'

interface Props<K extends Key> {
  title: string
  help: string
  noun: 'key' | 'token'
  /** The label and the example of the field for the name, and what heads its column. */
  name: { label: string; example: string; head: string }
  /** What stands where there is none yet. */
  empty: string
  /** What is said of a new one beside that it is shown once. */
  fresh?: string
  /** For how many days one lasts unless something else is chosen. */
  days: string
  queryKey: QueryKey
  load: () => Promise<K[]>
  /** Creates one; the answer has the secret, which is shown this once. */
  create: (asked: { name: string; days: number | null }) => Promise<{ name: string; secret: string }>
  revoke: (id: string) => Promise<unknown>
  edits: boolean
  /** Further fields of a new one. */
  fields?: ReactNode
  columns: Column<K>[]
}

/** The secrets with which programs sign in: they are created, listed and revoked here. */
export function SecretKeys<K extends Key>(props: Props<K>) {
  const { title, help, noun, empty, queryKey, load, revoke, edits, columns } = props
  const queries = useQueryClient()
  const keys = useQuery({ queryKey, queryFn: load })
  const refresh = () => queries.invalidateQueries({ queryKey })
  const [asked, setAsked] = useState<K | null>(null)
  const close = () => setAsked(null)
  return (
    <Section title={title} help={help}>
      {edits && <NewKey {...props} onMade={refresh} />}
      <QueryBoundary query={keys}>
        {(all) => all.length === 0
          ? <Box><Empty title={`No ${noun}s yet`} icon={IconKey}>{empty}</Empty></Box>
          : <SecretKeyList keys={all} head={props.name.head} columns={columns} onRevoke={edits ? setAsked : null} />}
      </QueryBoundary>
      {asked && (
        <ConfirmAction onClose={close} title={`Revoke the ${noun} of “${asked.name}”?`} action={`Revoke ${noun}`} act={() => revoke(asked.id)} onTried={refresh}>
          Programs that use it are refused at once. It cannot be brought back.
        </ConfirmAction>
      )}
    </Section>
  )
}

function NewKey<K extends Key>({ noun, name: { label, example }, days, create, fields, fresh = '', onMade }: Props<K> & { onMade: () => Promise<void> }) {
  const [name, setName] = useState('')
  const [lasts, setLasts] = useState(days)
  const make = useMutation({
    mutationFn: () => create({ name: name.trim(), days: lasts === 'never' ? null : Number(lasts) }),
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
          <TextInput label={label} placeholder={example} w={220} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          {fields}
          <NativeSelect label="Expires after" data={LIFETIMES} value={lasts} onChange={(event) => setLasts(event.currentTarget.value)} />
          <Button type="submit" loading={make.isPending} disabled={!name.trim()}>Create {noun}</Button>
        </Group>
      </form>
      <div role="status">{make.data && <CopyLine label={`${noun === 'key' ? 'Key' : 'Token'} for ${make.data.name}`} help={`Copy it now: it is not shown again. ${fresh}`} text={make.data.secret} />}</div>
      {make.error && <Failure error={asApiError(make.error)} />}
    </Stack>
  )
}
