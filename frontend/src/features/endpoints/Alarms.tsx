import { Stack } from '@mantine/core'
import { exactly } from '../../core/base/numbers'
import type { EndpointDrift } from '../../core/endpoints/monitoring'
import { useNotices } from '../../state/notices'
import list from '../../ui/list.module.css'
import { NoticeTable } from '../../ui/NoticeTable'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'

/** The alarms that last, and the notices of those that started and ended. */
export function Alarms({ endpoint, alarms }: { endpoint: string; alarms: EndpointDrift['alarms'] }) {
  const notices = useNotices({ endpoint })
  return (
    <Section title="Alarms" help="A notice tells when an alarm starts and when it ends.">
      <Stack gap="sm">
        {alarms.length === 0 ? <p className={list.soft}>No alarm now.</p> : (
          <div className={list.scroller}>
            <table className={list.list}>
              <thead><tr><th scope="col">Alarm</th><th scope="col" data-wide>Version</th><th scope="col">Since</th></tr></thead>
              <tbody>{alarms.map((alarm) => <tr key={`${alarm.version} ${alarm.column} ${alarm.kind}`}><td className={list.wrapped}>{alarm.words}</td><td data-wide>{alarm.version || 'all'}</td><td>{exactly(alarm.started_at)}</td></tr>)}</tbody>
            </table>
          </div>
        )}
        <QueryBoundary query={notices}>{(all) => all.length > 0 && <NoticeTable notices={all.slice(0, 20)} />}</QueryBoundary>
      </Stack>
    </Section>
  )
}
