import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { detailsOf, channelOf, type AuditEntry } from '../../core/team/audit'
import type { Me } from '../../core/team/people'
import { getSignIns } from '../../server/rest'
import { signInsKey } from '../../state/me'
import { QueryBoundary } from '../../ui/QueryBoundary'
import list from '../../ui/list.module.css'
import { Timestamp } from '../../ui/Timestamp'
import { Section } from '../../ui/Section'
import { ChangePassword } from './ChangePassword'

/** One's own account: the password, and its recent activity. */
export function Account({ me }: { me: Me }) {
  const [changing, setChanging] = useState(false)
  const signIns = useQuery({ queryKey: signInsKey, queryFn: getSignIns })
  return (
    <Section title="Your account" help={`You are signed in as ${me.user.email}. If you do not recognise one of the recent sign-ins and changes, change your password.`}>
      <Button size="xs" variant="default" mb="sm" onClick={() => setChanging(true)}>Change password…</Button>
      <QueryBoundary query={signIns}>{({ entries }) => <RecentActivity entries={entries} />}</QueryBoundary>
      <ChangePassword opened={changing} asksCurrent={me.needs_current_password} onClose={() => setChanging(false)} />
    </Section>
  )
}

function RecentActivity({ entries }: { entries: AuditEntry[] }) {
  if (entries.length === 0) return null
  return (
    <div className={list.scroller}>
      <table className={list.list} aria-label="Sign-ins and changes">
        <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">How</th><th scope="col">Outcome</th></tr></thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className={list.soft}><Timestamp at={entry.at} /></td>
              <td>{entry.words}</td>
              <td className={list.soft}>{channelOf(entry)}</td>
              <td>{entry.outcome}{detailsOf(entry) && <span className={list.soft}> ({detailsOf(entry)})</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
