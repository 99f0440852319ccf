/** Named places outside Easel: databases, buckets, web servers and folders. Their secrets are sent to the server, and never come back. */
import type { Schemas } from '../base/schemas'

export type Connection = Schemas['Connection']
export type ConnectionKind = Connection['kind']

export const KINDS: readonly ConnectionKind[] = ['database', 's3', 'http', 'folder']

export const KIND_WORDS: Record<ConnectionKind, string> = { database: 'Database', s3: 'S3 bucket', http: 'Web server', folder: 'Folder' }

/** What is entered of a connection. An empty secret of a stored connection stands for the stored one. */
export interface Place {
  address: string
  user: string
  endpoint: string
  secret: string
}

export const NOWHERE: Place = { address: '', user: '', endpoint: '', secret: '' }

export interface PlaceField {
  name: keyof Place
  label: string
  description: string
  placeholder: string
}

const field = (name: keyof Place, label: string, description: string, placeholder = ''): PlaceField => ({ name, label, description, placeholder })

/** The fields of a kind, in their order. */
export const PLACE_FIELDS: Record<ConnectionKind, readonly PlaceField[]> = {
  database: [
    field('address', 'Address', 'With the user, without the password. PostgreSQL, or an SQLite file in a folder that the administrator allows.', 'postgresql://user@host:5432/database'),
    field('secret', 'Password', 'Stored encrypted. It cannot be read again.'),
  ],
  s3: [
    field('address', 'Bucket', 'The bucket, and optionally a folder in it.', 's3://bucket/folder'),
    field('endpoint', 'Endpoint', 'Only for a service other than Amazon S3.', 'https://storage.example.org'),
    field('user', 'Access key ID', 'Leave it empty for a public bucket.'),
    field('secret', 'Secret access key', 'Stored encrypted. It cannot be read again.'),
  ],
  http: [
    field('address', 'Address', 'The login is sent to this server only.', 'https://data.example.org'),
    field('user', 'User', 'Leave it empty if the secret is a token.'),
    field('secret', 'Password or token', 'Stored encrypted. It cannot be read again.'),
  ],
  folder: [field('address', 'Folder', 'An absolute path. The administrator allows the folders that pipelines may read or write.', '/data/sales')],
}

/** Whether the secret must be entered again: the stored one is for the former place only. */
export function needsSecret(before: Connection | null, { address, user, endpoint, secret }: Place): boolean {
  return before !== null && before.has_secret && secret === '' && (address.trim() !== before.address || user.trim() !== before.user || endpoint.trim() !== before.endpoint)
}

/** What is sent of a stored connection: its secret only when one was entered. */
export function placeSent({ secret, ...place }: Place): Omit<Place, 'secret'> & { secret?: string } {
  return secret === '' ? place : { ...place, secret }
}

/** The connections of the kinds that a setting accepts; of all kinds where it names none. */
export const accepted = (kinds: readonly ConnectionKind[] | undefined, all: readonly Connection[]): Connection[] =>
  all.filter(({ kind }) => !kinds?.length || kinds.includes(kind))
