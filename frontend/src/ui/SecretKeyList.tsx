import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { expiryOf } from '../core/team/people'
import list from './list.module.css'
import { Timestamp } from './Timestamp'
import { useNow } from './useNow'

export interface Key {
  id: string
  name: string
  expires_at: string | null
  created_at: string
  last_used_at: string | null
}

export interface Column<K> {
  head: string
  cell: (key: K) => ReactNode
  number?: boolean
}

interface Props<K extends Key> {
  keys: K[]
  /** What heads the column of names. */
  head: string
  columns: Column<K>[]
  onRevoke: ((key: K) => void) | null
}

/** The secrets with which programs sign in, by name. */
export function SecretKeyList<K extends Key>({ keys, head, columns, onRevoke }: Props<K>) {
  const now = useNow(false)
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {columns.map((each) => <th key={each.head} scope="col" data-number={each.number} data-wide={each.number}>{each.head}</th>)}
            <th scope="col">Expires</th><th scope="col" data-wide>Created</th><th scope="col" data-wide>Last used</th><td />
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <th scope="row">{key.name}</th>
              {columns.map((each) => <td key={each.head} data-number={each.number} data-wide={each.number}>{each.cell(key)}</td>)}
              <td title={key.expires_at ?? undefined}>{expiryOf(key, now).words}</td>
              <td data-wide className={list.soft}><Timestamp at={key.created_at} /></td>
              <td data-wide className={list.soft}>{key.last_used_at ? <Timestamp at={key.last_used_at} /> : 'Never'}</td>
              <td data-actions>{onRevoke && <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>Revoke</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
