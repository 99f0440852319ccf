import { useState } from 'react'
import { count } from '../../core/base/numbers'
import type { Endpoint } from '../../core/endpoints/endpoints'
import { createEndpointKey, getEndpointKeys, revokeEndpointKey } from '../../server/rest'
import { endpointKey } from '../../state/endpoints'
import { NumberField } from '../../ui/NumberField'
import { SecretKeys } from '../../ui/SecretKeys'

/** The keys of an endpoint, one per client. */
export function KeysTab({ endpoint, edits }: { endpoint: Endpoint; edits: boolean }) {
  const [rate, setRate] = useState<number | string>('')
  return (
    <SecretKeys
      title="Keys" noun="key" days="365" edits={edits}
      help="A program sends its key as “Authorization: Bearer …” or “X-API-Key: …”. Give each client one of its own; a revoked key is refused within a second."
      fresh="Requests with it are answered after two seconds at most."
      name={{ label: 'Client', example: 'Web shop', head: 'Client' }}
      empty={edits ? 'Without a key nobody can call the endpoint. Create one for the first client.' : 'An admin of the workspace can create one.'}
      queryKey={[...endpointKey(endpoint.id), 'keys']}
      load={() => getEndpointKeys(endpoint.id)}
      create={(asked) => createEndpointKey(endpoint.id, { ...asked, rate: rate === '' ? null : Number(rate) }).then(({ name, key }) => ({ name, secret: key }))}
      revoke={(key) => revokeEndpointKey(endpoint.id, key)}
      fields={<NumberField label="Requests a minute" placeholder={count(endpoint.limits.rate)} w={160} min={1} allowDecimal={false} value={rate} onChange={setRate} />}
      columns={[
        { head: 'Key', cell: ({ start }) => <code>{start}…</code> },
        { head: 'Requests a minute', cell: ({ rate: own }) => (own === null ? 'The endpoint’s' : count(own)), number: true },
      ]}
    />
  )
}
