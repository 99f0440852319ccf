import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { detailsOf, channelOf, type AuditEntry } from '../../core/team/audit'
import type { Me } from '../../core/team/people'
import { getSignIns } from '../../server/rest'
import { meQuery, signInsKey } from '../../state/me'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import list from '../../ui/list.module.css'
import { Timestamp } from '../../ui/Timestamp'
import { Section } from '../../ui/Section'
import { ChangePassword } from './ChangePassword'

/** One's own account: the password, and its recent activity. */
export default function AccountPage() {
  const me = useQuery(meQuery)
  return <QueryBoundary query={me} skeleton={<Page title="Your account"><ListSkeleton /></Page>}>{(known) => <Account me={known} />}</QueryBoundary>
}

function Account({ me }: { me: Me }) {
  const [changing, setChanging] = useState(false)
  const signIns = useQuery({ queryKey: signInsKey, queryFn: getSignIns })
  return (
    <Page title="Your account" facts={`Signed in as ${me.user.email}`} actions={<Button variant="default" onClick={() => setChanging(true)}>Change password…</Button>}>
      <Section title="Recent sign-ins and changes" help="If you do not recognise one of these, change your password.">
        <QueryBoundary query={signIns}>{({ entries }) => <RecentActivity entries={entries} />}</QueryBoundary>
      </Section>
      {changing && <ChangePassword asksCurrent={me.needs_current_password} onClose={() => setChanging(false)} />}
    </Page>
  )
}

function RecentActivity({ entries }: { entries: AuditEntry[] }) {
  if (entries.length === 0) return null
  return (
    <div className={list.scroller}>
      <table className={list.list} aria-label="Sign-ins and changes">
        <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col" data-wide>How</th><th scope="col">Outcome</th></tr></thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className={list.soft}><Timestamp at={entry.at} /></td>
              <td data-name>{entry.words}</td>
              <td data-wide className={list.soft}>{channelOf(entry)}</td>
              <td>{entry.outcome}{detailsOf(entry) && <span className={list.soft}> ({detailsOf(entry)})</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
