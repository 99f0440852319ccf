import { useNotices } from '../../state/notices'
import { NoticeTable } from '../../ui/NoticeTable'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'

/** What happened to schedules and their runs, and whether it was sent on. */
export function Notices({ workspace }: { workspace: string }) {
  const notices = useNotices({ workspace })
  return (
    <Section title="Notices" help="Runs that failed or recovered, times that were missed, and schedules that were paused.">
      <QueryBoundary query={notices}>{(all) => <NoticeTable notices={all.filter(({ about }) => about.noun !== 'endpoint')} />}</QueryBoundary>
    </Section>
  )
}
