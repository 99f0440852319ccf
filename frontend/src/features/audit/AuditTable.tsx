import { detailsOf, subjectOf, channelOf, type AuditEntry, type Outcome } from '../../core/team/audit'
import { exactly } from '../../core/base/numbers'
import list from '../../ui/list.module.css'
import { StateMark, type MarkState } from '../../ui/StateMark'
import classes from './audit.module.css'

const MARKS: Record<Outcome, MarkState> = { allowed: 'done', refused: 'cancelled', failed: 'failed' }

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  return (
    <div className={list.scroller} tabIndex={0} role="region" aria-label="Audit trail">
      <table className={`${list.list} ${list.narrow}`}>
        <thead>
          <tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Action</th><th scope="col">Object</th><th scope="col">Outcome</th><th scope="col">Source</th><th scope="col">Details</th></tr>
        </thead>
        <tbody>{entries.map((entry) => <Row key={entry.id} entry={entry} />)}</tbody>
      </table>
    </div>
  )
}

function Row({ entry }: { entry: AuditEntry }) {
  return (
    <tr>
      <td className={list.soft}><time dateTime={entry.at}>{exactly(entry.at)}</time></td>
      <td>{entry.who || <span className={list.soft}>not signed in</span>}</td>
      <td title={entry.action}>{entry.words}</td>
      <td title={entry.subject}><span className={classes.name}>{subjectOf(entry)}</span></td>
      <td><span className={classes.outcome}><StateMark state={MARKS[entry.outcome]} size={14} />{entry.outcome}</span></td>
      <td className={`${list.soft} ${list.wrapped} ${classes.text}`} title={`Request ${entry.request_id}`}>{channelOf(entry)}</td>
      <td className={`${list.wrapped} ${classes.text}`}>{detailsOf(entry)}</td>
    </tr>
  )
}
