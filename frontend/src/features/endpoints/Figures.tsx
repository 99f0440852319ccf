import { count } from '../../core/base/numbers'
import { quantile, type Endpoint, type EndpointMonitor } from '../../core/endpoints/endpoints'
import { useMonitor } from '../../state/endpoints'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'

/** Requests, errors and times of the last hour by version. */
export function Figures({ endpoint }: { endpoint: Endpoint }) {
  const monitor = useMonitor(endpoint.id)
  return (
    <Section title="Last hour" help="Counted by the serving processes every two seconds. Requests of the Test tab are not counted.">
      <QueryBoundary query={monitor}>{(found) => found.minutes.length === 0 ? <p className={list.soft}>No requests in the last hour.</p> : <Table found={found} />}</QueryBoundary>
    </Section>
  )
}

const time = (seconds: number | null) => (seconds === null ? '—' : Number.isFinite(seconds) ? `≤ ${seconds * 1000} ms` : 'over 10 s')

function Table({ found }: { found: EndpointMonitor }) {
  const versions = [...new Set(found.minutes.map(({ version }) => version))].toSorted((one, two) => two - one)
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Version</th><th scope="col" data-number>Requests</th><th scope="col" data-number>Errors</th><th scope="col" data-number data-wide>Rows</th><th scope="col" data-number>Half within</th><th scope="col" data-number data-wide>99&nbsp;% within</th></tr></thead>
        <tbody>
          {versions.map((version) => {
            const minutes = found.minutes.filter((minute) => minute.version === version)
            const sum = (key: 'requests' | 'errors' | 'rows') => minutes.reduce((total, minute) => total + minute[key], 0)
            const buckets = found.bounds.concat(Infinity).map((_, at) => minutes.reduce((total, minute) => total + (minute.buckets[at] ?? 0), 0))
            return (
              <tr key={version}>
                <th scope="row">{version === 0 ? 'Refused before a version' : `Version ${version}`}</th>
                <td data-number>{count(sum('requests'))}</td>
                <td data-number>{count(sum('errors'))}</td>
                <td data-number data-wide>{count(sum('rows'))}</td>
                <td data-number>{time(quantile(found.bounds, buckets, 0.5))}</td>
                <td data-number data-wide>{time(quantile(found.bounds, buckets, 0.99))}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
