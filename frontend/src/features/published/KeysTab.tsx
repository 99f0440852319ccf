import type { Published } from '../../core/published/published'
import { createPublishedKey, getPublishedKeys, revokePublishedKey } from '../../server/rest'
import { publishedKey } from '../../state/published'
import { SecretKeys } from '../../ui/SecretKeys'

/** The keys of a published pipeline, one per client. */
export function KeysTab({ published, edits }: { published: Published; edits: boolean }) {
  return (
    <SecretKeys
      title="Keys" noun="key" days="365" edits={edits}
      help="A program sends its key as “Authorization: Bearer …”. It opens this published pipeline alone, with the rights of the person who made it."
      name={{ label: 'Client', example: 'Nightly job', head: 'Client' }}
      empty={edits ? 'Members use their own API tokens. Create a key for each program of somebody else.' : 'An admin of the workspace can create one.'}
      queryKey={[...publishedKey(published.id), 'keys']}
      load={() => getPublishedKeys(published.id)}
      create={(asked) => createPublishedKey(published.id, asked).then(({ name, key }) => ({ name, secret: key }))}
      revoke={(key) => revokePublishedKey(published.id, key)}
      columns={[{ head: 'Key', cell: ({ start }) => <code>{start}…</code> }, { head: 'Created by', cell: ({ by }) => by }]}
    />
  )
}
