import { count, figure } from '../../core/base/numbers'
import type { EndpointDrift, MonitorColumn } from '../../core/endpoints/monitoring'
import { LineageLink } from '../../ui/LineageLink'
import list from '../../ui/list.module.css'
import { PairedBars } from '../../ui/PairedBars'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import classes from './DriftColumns.module.css'

/** Each column of requests and answers beside the reference, and what differs, in words. */
export function DriftColumns({ endpoint, drift }: { endpoint: string; drift: EndpointDrift }) {
  return (
    <Section title="Inputs and scores" help="Grey is the reference, from training; coloured is what arrived. Point at a bar for its shares.">
      {drift.signals.length > 0 && (
        <ul className={classes.signals} aria-label="Signals">
          {drift.signals.map((signal) => <li key={signal.column + signal.kind}><StateMark state="warning" />{signal.words}</li>)}
        </ul>
      )}
      <p className={list.soft}>
        {drift.reference && <>Reference: {drift.reference}. </>}
        {drift.since && <>Shown: {count(drift.rows)} rows since <Timestamp at={drift.since} />. </>}
        {drift.left_out > 0 && <>{count(drift.left_out)} rows came too fast and were not counted. </>}
        {drift.drifted_importance !== null && <>Inputs with {percent(drift.drifted_importance)} of the importance differ. </>}
        {drift.words}
      </p>
      {drift.columns.length > 0 && (
        <div className={list.scroller}>
          <table className={list.list}>
            <thead><tr><th scope="col">Column</th><th scope="col">Reference and now</th><th scope="col" data-number data-wide>Importance</th><th scope="col" data-number>PSI</th><th scope="col" data-number data-wide>By chance at most</th><th scope="col" data-number data-wide>KS</th><th scope="col" data-number data-wide>Deviations</th><th scope="col" data-number data-wide>No value</th></tr></thead>
            <tbody>{drift.columns.map((column) => <Row key={column.name} of={`endpoint:${endpoint}.${drift.version}`} column={column} />)}</tbody>
          </table>
        </div>
      )}
    </Section>
  )
}

const percent = (share: number) => `${(share * 100).toFixed(1)}\u00a0%`

function Row({ of, column }: { of: string; column: MonitorColumn }) {
  const gaps = column.current.at(-1) ?? 0
  return (
    <tr>
      <th scope="row">{column.name} <LineageLink of={of} column={column.name} />{column.role === 'score' && <div className={list.soft}>score</div>}</th>
      <td className={list.wrapped}>{column.kind === 'presence' ? <span className={list.soft}>{column.why}</span> : <PairedBars labels={column.labels} reference={column.reference} current={column.current} label={`Distribution of ${column.name} in the reference and now`} />}</td>
      <td data-number data-wide>{column.importance === null ? '—' : percent(column.importance)}</td>
      <td data-number>{figure(column.psi, 3)}</td>
      <td data-number data-wide>{figure(column.psi_limit, 3)}</td>
      <td data-number data-wide>{figure(column.ks, 3)}</td>
      <td data-number data-wide>{figure(column.wasserstein, 3)}</td>
      <td data-number data-wide>{percent(gaps)}</td>
    </tr>
  )
}
