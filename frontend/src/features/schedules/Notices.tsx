import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { Notice } from '../../core/schedules/schedules'
import { getNotices } from '../../server/rest'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { StateMark, type MarkState } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import classes from './schedules.module.css'

const FRESH_EVERY = 10_000
const MARKS: Record<string, MarkState> = { failed: 'failed', recovered: 'done', paused: 'cancelled', missed: 'skipped' }

/** What happened to schedules and their runs, and whether it was sent on. */
export function Notices({ workspace }: { workspace: string }) {
  const notices = useQuery({ queryKey: ['notices', workspace], queryFn: () => getNotices(workspace), refetchInterval: FRESH_EVERY })
  return (
    <Section title="Notices" help="Runs that failed or recovered, times that were missed, and schedules that were paused.">
      <QueryBoundary query={notices}>
        {(all) => all.length === 0
          ? <div className={list.soft}>No notices.</div>
          : <div className={list.scroller}><table className={list.list}><tbody>{all.map((notice) => <Row key={notice.id} notice={notice} />)}</tbody></table></div>}
      </QueryBoundary>
    </Section>
  )
}

function Row({ notice }: { notice: Notice }) {
  return (
    <tr>
      <td data-name><span className={classes.state}><StateMark state={MARKS[notice.kind] ?? 'warning'} />{notice.run ? <Link href={`/runs/${notice.run}`}>{notice.words}</Link> : notice.words}</span></td>
      <td className={list.soft} data-wide>{notice.sendings.map(sent).join('; ')}</td>
      <td className={list.soft}><Timestamp at={notice.at} /></td>
    </tr>
  )
}

function sent({ channel, sent_at, tries, error }: Notice['sendings'][number]): string {
  const by = channel === 'email' ? 'email' : 'webhook'
  if (sent_at) return `Sent by ${by}`
  return tries === 0 ? `Waits to be sent by ${by}` : `Not sent by ${by} after ${tries} tries: ${error}`
}
