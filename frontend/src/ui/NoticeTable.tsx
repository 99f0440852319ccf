import { Link } from 'wouter'
import { addressOf, sent, type Notice } from '../core/notices/notices'
import list from './list.module.css'
import { StateMark, type MarkState } from './StateMark'
import { Timestamp } from './Timestamp'
import classes from './NoticeTable.module.css'

const MARKS: Record<string, MarkState> = { failed: 'failed', alarm: 'failed', recovered: 'done', paused: 'cancelled', missed: 'skipped' }

export const NoticeMark = ({ kind }: { kind: string }) => <StateMark state={MARKS[kind] ?? 'warning'} />

/** Notices of one thing, with what became of sending them. */
export function NoticeTable({ notices }: { notices: Notice[] }) {
  if (notices.length === 0) return <div className={list.soft}>No notices.</div>
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <tbody>
          {notices.map((notice) => (
            <tr key={notice.id}>
              <td data-name><span className={classes.state}><NoticeMark kind={notice.kind} />{notice.run ? <Link href={addressOf(notice)}>{notice.words}</Link> : notice.words}</span></td>
              <td className={list.soft} data-wide>{notice.sendings.map(sent).join('; ')}</td>
              <td className={list.soft}><Timestamp at={notice.at} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
