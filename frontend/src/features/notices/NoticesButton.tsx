/** A button in the bar of every page: how many notices are unread, and the list. */
import { ActionIcon, Popover } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { counted } from '../../core/base/numbers'
import { atMost99 } from '../../core/notices/notices'
import { useUnread } from '../../state/notices'
import { ListSkeleton } from '../../ui/ListSkeleton'
import classes from './notices.module.css'

const NoticeList = lazy(() => import('./NoticeList'))

export function NoticesButton({ size = 32 }: { size?: number }) {
  const [open, setOpen] = useState(false)
  const count = useUnread().data?.count ?? 0
  const words = count === 0 ? 'Notices' : counted(count, 'unread notice', 'unread notices')
  return (
    <>
      <Popover opened={open} onChange={setOpen} position="bottom-end" width={400} shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <ActionIcon size={size} className={classes.button} onClick={() => setOpen((now) => !now)} aria-label={words} title={words}>
            <IconBell size={16} stroke={1.6} aria-hidden />
            {count > 0 && <span className={classes.count} aria-hidden>{atMost99(count)}</span>}
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown className={classes.panel} aria-label="Notices">
          {open && <Suspense fallback={<ListSkeleton rows={3} />}><NoticeList onLeave={() => setOpen(false)} /></Suspense>}
        </Popover.Dropdown>
      </Popover>
      <span className="visually-hidden" role="status">{count > 0 && words}</span>
    </>
  )
}
