import { Button, Progress, SegmentedControl, Select, Stack } from '@mantine/core'
import { Link, useSearchParams } from 'wouter'
import { asApiError, type ApiError } from '../../core/base/apiError'
import type { Run } from '../../core/runs/runs'
import { fatesInWords, isDeriving, type Deriving, type Scoring } from '../../core/runs/scoring'
import { openScoring } from '../../server/rest'
import { useOpening } from '../../state/opening'
import { useFinishedRun, useScoredChoices, useScoring } from '../../state/scoring'
import { useEnter, useMayEdit } from '../../state/workspace'
import { Failure } from '../../ui/Failure'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { NotFound } from '../../ui/NotFound'
import { Page } from '../../ui/Page'
import { Timestamp } from '../../ui/Timestamp'
import { useNarrow } from '../../ui/useNarrow'
import { DecisionsTable } from './DecisionsTable'
import { Legend } from './FateMark'
import { ProofSection } from './ProofSection'
import { Refused } from './Refused'
import classes from './scoring.module.css'
import { ScoringGraphs } from './ScoringGraphs'
import { SignatureTables } from './SignatureTables'

const VIEWS = [{ value: 'graph', label: 'Graph' }, { value: 'list', label: 'List' }]

/** The pipeline that gives new rows the scores of a run, beside the run: what becomes of each step, the columns, and the proof. */
export default function ScoringPage({ id }: { id: string }) {
  const [params] = useSearchParams()
  const run = useFinishedRun(id)
  const asked = useScoring(id, params.get('scored') ?? undefined)
  useEnter(run.data?.workspace)
  const failed = run.error && asApiError(run.error)
  if (failed?.status === 404) return <NotFound what="Run"><Link href="/runs">All runs</Link></NotFound>
  if (failed && !run.data) return <Page title="Scoring pipeline"><Failure error={failed} onRetry={() => void run.refetch()} /></Page>
  if (!run.data) return <Page title="Scoring pipeline" facts={'\u00a0'}><div className={classes.controls} /><Waiting /></Page>
  const going = asked.data && isDeriving(asked.data) ? asked.data : undefined
  const scoring = asked.data && !isDeriving(asked.data) ? asked.data : undefined
  const error = asked.error && (!asked.data || going) ? asApiError(asked.error) : null
  return <Loaded run={run.data} scoring={scoring} going={going} error={error} onRetry={() => void asked.refetch()} />
}

/** A worker derives it; `going` says how far it is. */
function Waiting({ going }: { going?: Deriving }) {
  const percent = Math.round(100 * (going?.share ?? 0))
  const words = !going ? 'The scoring pipeline is derived from the run.' : going.doing || 'Waiting for a worker, which derives the scoring pipeline from the run.'
  return (
    <>
      <div className={classes.going}>
        <Progress value={percent} aria-label="Progress of the derivation" size="sm" animated={!going?.doing} />
        <p className={classes.note}><span role="status">{words}</span>{percent > 0 && ` · ${percent}\u00a0%`}</p>
      </div>
      <ListSkeleton />
    </>
  )
}

interface LoadedProps {
  run: Run
  scoring: Scoring | undefined
  going: Deriving | undefined
  error: ApiError | null
  onRetry: () => void
}

function Loaded({ run, scoring, going, error, onRetry }: LoadedProps) {
  const [params, setParams] = useSearchParams()
  const edits = useMayEdit(run.workspace)
  const narrow = useNarrow()
  const view = params.get('view') ?? (narrow ? 'list' : 'graph')
  const change = (name: string, value: string | null) => {
    const next = new URLSearchParams(params)
    if (value === null) next.delete(name)
    else next.set(name, value)
    setParams(next, { replace: true })
  }
  const facts = (
    <>
      <span>Run <Timestamp at={run.created_at} /></span>
      {scoring && <span>{fatesInWords(scoring.decisions)}</span>}
    </>
  )
  return (
    <Page title={`Scoring pipeline of ${run.pipeline?.name ?? run.graph.name}`} facts={facts} actions={<Actions run={run} scoring={scoring} edits={edits} />}>
      <div className={classes.controls}>
        <OutputSelect run={run} scored={scoring?.scored ?? params.get('scored')} onChange={(scored) => change('scored', scored)} />
        {scoring && <SegmentedControl size="xs" data={VIEWS} value={view} onChange={(next) => change('view', next)} aria-label="View" />}
      </div>
      {error ? <Refused run={run} error={error} onRetry={onRetry} /> : !scoring ? <Waiting going={going} /> : (
        <Stack gap="lg">
          {scoring.notes.map((note) => <p key={note} className={classes.note} role="note">{note}</p>)}
          {view === 'graph' && <div><Legend fates={scoring.decisions.map(({ fate }) => fate)} /><ScoringGraphs run={run.id} scoring={scoring} /></div>}
          <DecisionsTable run={run.id} scoring={scoring} />
          <ProofSection key={scoring.scored} run={run.id} scoring={scoring} edits={edits} />
          <SignatureTables signature={scoring.signature} />
        </Stack>
      )}
    </Page>
  )
}

function Actions({ run, scoring, edits }: { run: Run; scoring: Scoring | undefined; edits: boolean }) {
  const opening = useOpening(() => openScoring(run.id, scoring?.scored ?? ''))
  return (
    <>
      <Button variant="default" component={Link} href={`/runs/${run.id}`}>Open run</Button>
      {edits && scoring && <Button variant="default" loading={opening.isPending} onClick={() => opening.mutate(undefined)}>Open as pipeline</Button>}
      {edits && scoring && run.state === 'done' && <Button component={Link} href={`/endpoints?${new URLSearchParams({ run: run.id, scored: scoring.scored }).toString()}`}>Publish</Button>}
    </>
  )
}

/** Which scores the pipeline is for, where a run has several. */
function OutputSelect({ run, scored, onChange }: { run: Run; scored: string | null; onChange: (scored: string) => void }) {
  const data = useScoredChoices(run)
  if (data.length < 2) return null
  return <Select className={classes.picker} label="Scores of" allowDeselect={false} data={data} value={scored} onChange={(next) => next && onChange(next)} />
}
