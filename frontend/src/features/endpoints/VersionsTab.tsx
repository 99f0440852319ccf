import { Button, Stack, UnstyledButton } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { count } from '../../core/base/numbers'
import { VERSION_WORDS, type Endpoint, type EndpointVersion } from '../../core/endpoints/endpoints'
import { scoringAddress, type ParityReport } from '../../core/runs/scoring'
import { asApiError, runVersion } from '../../server/rest'
import { endpointKey } from '../../state/endpoints'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { ParityReportView } from '../../ui/ParityReportView'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'
import classes from './endpoints.module.css'
import { Figures } from './Figures'
import { History } from './History'
import { SharesForm } from './SharesForm'
import { VersionState } from './VersionState'

/** The versions of an endpoint, how requests are split among them, and the history. */
export function VersionsTab({ endpoint, edits }: { endpoint: Endpoint; edits: boolean }) {
  return (
    <Stack gap="lg">
      <Versions endpoint={endpoint} edits={edits} />
      {edits && <SharesForm key={endpoint.revision} endpoint={endpoint} />}
      <Figures endpoint={endpoint} />
      <History endpoint={endpoint} />
    </Stack>
  )
}

function Versions({ endpoint, edits }: { endpoint: Endpoint; edits: boolean }) {
  const queries = useQueryClient()
  const [open, setOpen] = useState<number | null>(null)
  const proof = reportOf(endpoint.listed.find(({ number }) => number === open))
  const run = useMutation({
    mutationFn: ({ number, running }: { number: number; running: boolean }) => runVersion(endpoint.id, number, running),
    onSettled: () => queries.invalidateQueries({ queryKey: endpointKey(endpoint.id) }),
  })
  return (
    <Section title="Versions" help="A version is served only after its answers were proven equal to those of its run.">
      {run.error && <Failure error={asApiError(run.error)} />}
      <div className={list.scroller}>
        <table className={list.list}>
          <thead><tr><th scope="col">Version</th><th scope="col">State</th><th scope="col" data-number>Share</th><th scope="col" data-wide>Proof</th><th scope="col" data-wide>Run</th><th scope="col" data-wide>Published</th><td /></tr></thead>
          <tbody>{endpoint.listed.map((version) => <Row key={version.number} version={version} endpoint={endpoint} edits={edits} open={version.number === open} onOpen={() => setOpen(version.number === open ? null : version.number)} onRun={(running) => run.mutate({ number: version.number, running })} />)}</tbody>
        </table>
      </div>
      {proof && <div id="proof" className={classes.proof}><h3>Proof of version {open}</h3><ParityReportView report={proof} /></div>}
    </Section>
  )
}

/** The report of a version's proof; null before it is made. */
function reportOf(version: EndpointVersion | undefined): ParityReport | null {
  const parity = version?.parity as ParityReport | null | undefined
  return parity?.cases ? parity : null
}

interface RowProps {
  version: EndpointVersion
  endpoint: Endpoint
  edits: boolean
  /** Whether its proof is shown below. */
  open: boolean
  onOpen: () => void
  onRun: (running: boolean) => void
}

function Row({ version, endpoint, edits, open, onOpen, onRun }: RowProps) {
  const failures = endpoint.processes.map(({ failures: found }) => found[String(version.number)]).filter((words) => words !== undefined)
  const parity = reportOf(version)
  return (
    <tr>
      <th scope="row">Version {version.number}</th>
      <td>
        <VersionState state={version.state} />
        {['building', 'proving'].includes(version.state) && <div className={list.soft}>{VERSION_WORDS[version.state]}</div>}
        {version.reason && <div className={classes.reason}>{version.reason}</div>}
        {failures.length > 0 && <div className={classes.reason}>Not loaded by {count(failures.length)} of {count(endpoint.processes.length)} processes: {failures[0]}</div>}
      </td>
      <td data-number>{`${version.share}\u00a0%`}</td>
      <td data-wide className={list.wrapped}>{parity ? `${parity.passed ? 'Equal' : 'Differs'} on ${count(parity.held_out)} rows${parity.exact ? ', to the last bit' : `, largest difference ${parity.largest}`}${parity.mode === 'tables' ? '; served by its modules, which is slower' : parity.mode === 'sandbox' ? `; ${parity.why.split('.')[0]!.toLowerCase()}` : ''}` : '—'} {parity && <UnstyledButton className={classes.more} aria-expanded={open} aria-controls="proof" aria-label={`Proof of version ${version.number}`} onClick={onOpen}>{open ? 'Hide' : 'Show'}</UnstyledButton>}</td>
      <td data-wide><Link href={`/runs/${version.run}`}>Run</Link>, <Link href={scoringAddress(version.run, version.node)}>scoring pipeline</Link></td>
      <td data-wide className={list.soft}><Timestamp at={version.created_at} /> by {version.by}</td>
      <td data-actions>
        {edits && version.state === 'ready' && <Button data-once size="compact-xs" variant="subtle" color="gray" aria-label={`Stop version ${version.number}`} onClick={() => onRun(false)}>Stop</Button>}
        {edits && version.state === 'stopped' && <Button data-once size="compact-xs" variant="subtle" color="gray" aria-label={`Start version ${version.number}`} onClick={() => onRun(true)}>Start</Button>}
      </td>
    </tr>
  )
}
