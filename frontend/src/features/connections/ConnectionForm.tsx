import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { KIND_WORDS, KINDS, needsSecret, NOWHERE, PLACE_FIELDS, placeSent, type Connection, type ConnectionKind, type Place, type PlaceField } from '../../core/team/connections'
import { nameProblem } from '../../core/team/environments'
import { asApiError, changeConnection, createConnection } from '../../server/rest'
import { connectionsKey } from '../../state/connections'
import { Dialog } from '../../ui/Dialog'

interface Props {
  workspace: string
  /** The connection that is changed; null for a new one. */
  one: Connection | null
  onClose: () => void
}

/** Creates a connection, or changes where one leads to. */
export function ConnectionForm({ workspace, one, onClose }: Props) {
  const queries = useQueryClient()
  const [name, setName] = useState(one?.name ?? '')
  const [kind, setKind] = useState<ConnectionKind>(one?.kind ?? 'database')
  const [place, setPlace] = useState<Place>(one ? { address: one.address, user: one.user, endpoint: one.endpoint, secret: '' } : NOWHERE)
  const save = useMutation({
    mutationFn: () => (one ? changeConnection(one.id, placeSent(place)) : createConnection({ name, kind, workspace, ...place })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: connectionsKey(workspace) })
      onClose()
    },
  })
  const trouble = name ? nameProblem(name) : null
  const again = needsSecret(one, place)
  const ready = name !== '' && trouble === null && place.address.trim() !== '' && !again
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={save.isPending} disabled={!ready}>{one ? 'Save' : 'Create'}</Button>
    </>
  )
  const change = (field: PlaceField, value: string) => setPlace({ ...place, [field.name]: value })
  return (
    <Dialog onClose={onClose} title={one ? `Edit ${one.name}` : 'New connection'} error={save.error && asApiError(save.error)} onSubmit={() => ready && save.mutate()} buttons={buttons}>
      {!one && (
        <>
          <TextInput label="Name" description="Modules refer to it by this name." placeholder="sales" data-autofocus value={name} error={trouble} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect label="Kind" data={KINDS.map((value) => ({ value, label: KIND_WORDS[value] }))} value={kind} onChange={(event) => { setKind(event.currentTarget.value as ConnectionKind); setPlace(NOWHERE) }} />
        </>
      )}
      {PLACE_FIELDS[kind].map((field) => field.name === 'secret'
        ? (
          <PasswordInput
            key={field.name} label={field.label} description={field.description} autoComplete="new-password" placeholder={one?.has_secret ? 'Stored. Enter another one to replace it.' : ''}
            value={place.secret} error={again ? 'Enter it again: the stored one is for the former address.' : null} onChange={(event) => change(field, event.currentTarget.value)}
          />
        )
        : <TextInput key={field.name} label={field.label} description={field.description} placeholder={field.placeholder} data-autofocus={one !== null && field.name === 'address'} value={place[field.name]} onChange={(event) => change(field, event.currentTarget.value)} />)}
    </Dialog>
  )
}
