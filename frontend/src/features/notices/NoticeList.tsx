import { ActionIcon, Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useRef } from 'react'
import { Link } from 'wouter'
import { addressOf, type Notice } from '../../core/notices/notices'
import { asApiError } from '../../server/rest'
import { useNotices, useRead } from '../../state/notices'
import { Failure } from '../../ui/Failure'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { NoticeMark } from '../../ui/NoticeTable'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Timestamp } from '../../ui/Timestamp'
import classes from './notices.module.css'

/** The newest notices of all workspaces of the person; the unread ones are marked. */
export default function NoticeList({ onLeave }: { onLeave: () => void }) {
  const notices = useNotices()
  const read = useRead()
  const title = useRef<HTMLHeadingElement>(null)
  const unread = notices.data?.some((notice) => !notice.read) ?? false
  const readAll = () => {
    read.mutate(undefined)
    title.current?.focus() // the button cannot be used any more, and would lose the focus
  }
  return (
    <div className={classes.list}>
      <div className={classes.head}>
        <h2 ref={title} className={classes.title} tabIndex={-1} data-autofocus>Notices</h2>
        <Button size="compact-xs" variant="subtle" disabled={!unread} loading={read.isPending && read.variables === undefined} onClick={readAll}>Mark all as read</Button>
      </div>
      {read.error && <Failure error={asApiError(read.error)} />}
      <QueryBoundary query={notices} skeleton={<ListSkeleton rows={3} />}>
        {(all) => all.length === 0
          ? <p className={classes.none}>No notices. Runs of schedules that fail or recover, and alarms of endpoints, are listed here.</p>
          : <ul className={classes.rows}>{all.map((notice) => <Row key={notice.id} notice={notice} onLeave={onLeave} onRead={() => read.mutate([notice.id])} />)}</ul>}
      </QueryBoundary>
    </div>
  )
}

interface RowProps {
  notice: Notice
  onLeave: () => void
  onRead: () => void
}

function Row({ notice, onLeave, onRead }: RowProps) {
  const link = useRef<HTMLAnchorElement>(null)
  const markRead = () => {
    link.current?.focus() // the button goes
    onRead()
  }
  const follow = () => {
    if (!notice.read) onRead()
    onLeave()
  }
  return (
    <li className={classes.row} data-unread={!notice.read || undefined}>
      <NoticeMark kind={notice.kind} />
      <div className={classes.words}>
        <Link ref={link} href={addressOf(notice)} onClick={follow}>{!notice.read && <span className="visually-hidden">Unread: </span>}{notice.words}</Link>
        <span className={classes.facts}>{notice.about.noun} {notice.about.name} · <Timestamp at={notice.at} /></span>
      </div>
      {!notice.read && <ActionIcon size={28} variant="subtle" color="gray" className={classes.check} onClick={markRead} title="Mark as read" aria-label={`Mark as read: ${notice.words}`}><IconCheck size={16} stroke={1.6} aria-hidden /></ActionIcon>}
    </li>
  )
}
