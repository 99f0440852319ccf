import { Button, Progress } from '@mantine/core'
import { asApiError } from '../../core/base/apiError'
import { duration } from '../../core/base/numbers'
import type { Proof, Scoring } from '../../core/runs/scoring'
import { useProof, useStartProof } from '../../state/scoring'
import { Failure } from '../../ui/Failure'
import { ParityReportView } from '../../ui/ParityReportView'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'
import { useNow } from '../../ui/useNow'
import classes from './scoring.module.css'

interface Props {
  run: string
  scoring: Scoring
  edits: boolean
}

/** The proof that the scoring pipeline gives what the run gave: asked for, followed, and its report. */
export function ProofSection({ run, scoring, edits }: Props) {
  const { data: proof } = useProof(run, scoring.scored, scoring.proof)
  const start = useStartProof(run, scoring.scored)
  const going = proof?.state === 'proving'
  return (
    <Section title="Proof of parity" help="A worker sends rows that the run held out, and rows that are made up, through the scoring pipeline in every way, and compares the answers with what the run gave.">
      {edits && !going && <Button mb="sm" variant={proof ? 'default' : 'filled'} data-once loading={start.isPending} onClick={() => start.mutate()}>{proof ? 'Prove again' : 'Prove'}</Button>}
      {start.error && <Failure error={asApiError(start.error)} />}
      {!proof && <p className={classes.note}>{edits ? 'Nobody has asked for it yet. Publishing makes it too, before the first request is answered.' : 'Nobody has asked for it yet. An editor of the workspace can.'}</p>}
      {going && <Going proof={proof} />}
      {proof?.state === 'failed' && <Failure error={{ words: `The proof could not be made: ${proof.reason}`, remedy: null }} />}
      {proof?.state === 'made' && (
        <>
          <p className={classes.note}>Made <Timestamp at={proof.made_at} />{proof.made_by && ` by ${proof.made_by}`}, of the bundle <code title={proof.digest}>{proof.digest.slice(0, 12)}</code>.</p>
          {proof.report && <ParityReportView report={proof.report} />}
        </>
      )}
    </Section>
  )
}

function Going({ proof }: { proof: Proof }) {
  const now = useNow(true)
  const seconds = Math.round((now - Date.parse(proof.made_at)) / 1000)
  const percent = Math.round(100 * proof.share)
  const words = proof.doing || 'Waiting for a worker'
  return (
    <div className={classes.going}>
      <Progress value={percent} aria-label="Progress of the proof" size="sm" animated={proof.doing === ''} />
      <p className={classes.note}><span role="status">{words}</span> · {percent}&nbsp;%{seconds >= 1 && ` · ${duration(seconds)}`}</p>
    </div>
  )
}
