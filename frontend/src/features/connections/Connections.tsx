import { Button, Group } from '@mantine/core'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { KIND_WORDS, type Connection } from '../../core/team/connections'
import { atLeast, type Workspace } from '../../core/team/people'
import { asApiError, deleteConnection, testConnection } from '../../server/rest'
import { connectionsKey, useConnections } from '../../state/connections'
import { Box } from '../../ui/Box'
import { ConfirmAction } from '../../ui/ConfirmAction'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import { ConnectionForm } from './ConnectionForm'

type Open = { what: 'edit' | 'delete'; one: Connection } | { what: 'new' } | null

/** The connections of a workspace: where they lead to, and whether they work. */
export function Connections({ workspace }: { workspace: Workspace }) {
  const queries = useQueryClient()
  const connections = useConnections(workspace.id)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const refresh = () => queries.invalidateQueries({ queryKey: connectionsKey(workspace.id) })
  const edits = atLeast(workspace.role, 'admin')
  return (
    <Section title="Connections" help="Databases, buckets, web servers and folders that Import Data and Export Data use. A module names a connection; its password or key is stored encrypted and is never shown.">
      {edits && <Button variant="default" mb="sm" leftSection={<IconPlus size={14} />} onClick={() => setOpen({ what: 'new' })}>New connection</Button>}
      <QueryBoundary query={connections}>
        {(all) => all.length === 0
          ? <Box><Empty title="No connections yet" icon={IconPlugConnected}>{edits ? 'Create one to import from or export to a database, a bucket or a folder.' : 'An admin of the workspace can create one.'}</Empty></Box>
          : <List all={all} edits={edits} onEdit={(one) => setOpen({ what: 'edit', one })} onDelete={(one) => setOpen({ what: 'delete', one })} />}
      </QueryBoundary>
      {(open?.what === 'new' || open?.what === 'edit') && <ConnectionForm workspace={workspace.id} one={open.what === 'edit' ? open.one : null} onClose={close} />}
      {open?.what === 'delete' && (
        <ConfirmAction onClose={close} title={`Delete “${open.one.name}”?`} action="Delete connection" act={() => deleteConnection(open.one.id)} onTried={refresh}>
          Modules that use it cannot run until it is created again or they use another connection.
        </ConfirmAction>
      )}
    </Section>
  )
}

interface ListProps {
  all: Connection[]
  edits: boolean
  onEdit: (one: Connection) => void
  onDelete: (one: Connection) => void
}

function List({ all, edits, onEdit, onDelete }: ListProps) {
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Address</th><td /></tr></thead>
        <tbody>{all.map((one) => <Row key={one.id} one={one} edits={edits} onEdit={onEdit} onDelete={onDelete} />)}</tbody>
      </table>
    </div>
  )
}

function Row({ one, edits, onEdit, onDelete }: Omit<ListProps, 'all'> & { one: Connection }) {
  const test = useMutation({ mutationFn: () => testConnection(one.id) })
  const fault = test.error && asApiError(test.error)
  const words = fault ? [fault.words, fault.remedy].filter(Boolean).join(' ') : test.data?.words
  return (
    <tr>
      <th scope="row">{one.name}</th>
      <td>{KIND_WORDS[one.kind]}</td>
      <td className={list.wrapped}>
        {one.address}
        <div role="status">{words && <Group gap={6} wrap="nowrap"><StateMark state={fault ? 'failed' : 'done'} />{words}</Group>}</div>
      </td>
      <td data-actions>
        {edits && <Button size="compact-xs" variant="subtle" color="gray" loading={test.isPending} onClick={() => test.mutate()} aria-label={`Test ${one.name}`}>Test</Button>}
        {edits && <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onEdit(one)} aria-label={`Edit ${one.name}`}>Edit</Button>}
        {edits && <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onDelete(one)} aria-label={`Delete ${one.name}`}>Delete</Button>}
      </td>
    </tr>
  )
}
