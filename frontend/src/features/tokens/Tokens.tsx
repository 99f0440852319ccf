import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { SCOPES, type Scope } from '../../core/team/people'
import { createToken, deleteToken, getTokens } from '../../server/rest'
import { tokensKey } from '../../state/me'
import { SecretKeys } from '../../ui/SecretKeys'

/** Tokens with which programs act as the user. */
export function Tokens() {
  const [scope, setScope] = useState<Scope>('write')
  return (
    <SecretKeys
      title="API tokens" noun="token" days="90" edits
      help="A program that sends a token as “Authorization: Bearer …” acts as you, within the token’s scope. Changing your password revokes all tokens."
      name={{ label: 'Token name', example: 'Nightly report', head: 'Name' }}
      empty="Create one to run pipelines from a script."
      queryKey={tokensKey}
      load={getTokens}
      create={(asked) => createToken({ ...asked, scope }).then(({ name, token }) => ({ name, secret: token }))}
      revoke={deleteToken}
      fields={<NativeSelect label="Scope" data={SCOPES} value={scope} onChange={(event) => setScope(event.currentTarget.value as Scope)} />}
      columns={[{ head: 'Scope', cell: (token) => SCOPES.find(({ value }) => value === token.scope)?.label }]}
    />
  )
}
