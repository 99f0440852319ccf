/** The step of this node in the run on the screen. */
import { Alert, Text } from '@mantine/core'
import { useState } from 'react'
import { counted, bytes, duration, memory } from '../../core/base/numbers'
import { isFinished, secondsToNextTry, warningsOf, type Step } from '../../core/runs/runs'
import { STALE_WORDS } from '../../core/runs/staleness'
import { useCatalogue } from '../../state/catalogue'
import { useRun } from '../../state/run'
import { choosePort } from '../../state/selection'
import { useStale } from '../../state/stale'
import { setPanel, useView } from '../../state/view'
import { useExplanation } from '../../state/explanation'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { PortKindIcon } from '../../ui/PortKindIcon'
import { markOf } from '../../ui/markOf'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import { useNow } from '../../ui/useNow'
import { ExplanationView } from '../../ui/ExplanationView'
import classes from './Inspector.module.css'

function show(node: string, port: string) {
  choosePort({ node, port })
  useView.setState({ tab: 'results' })
  setPanel('drawer', true)
}

function Outputs({ node, step }: { node: string; step: Step }) {
  const catalogue = useCatalogue()
  return Object.entries(step.outputs).map(([port, output]) => (
    <button key={port} type="button" className={classes.output} onClick={() => show(node, port)}>
      <PortKindIcon kind={catalogue.kind(output.kind)} size={10} />
      <span>{port}</span>
      <span className={`${classes.faint} figures`}>
        {output.deferred ? 'not stored' : output.rows === null ? bytes(output.bytes) : `${counted(output.rows, 'row')}${output.width ? `, ${counted(output.width, 'column')}` : ''}`}
      </span>
    </button>
  ))
}

/** That it had a temporary failure, and when it is retried. */
function RetryState({ step }: { step: Step }) {
  const waits = secondsToNextTry(step, 0) !== null
  const left = secondsToNextTry(step, useNow(waits))
  if (!step.tries) return null
  return <Text fz={12} c="dimmed" className="figures">Temporary failure ({counted(step.tries, 'time')}){left === null ? '.' : left > 0 ? `; retrying in ${Math.ceil(left)} s.` : '; retrying now.'}</Text>
}

function LoadedExplanation({ run, node, said }: { run: string; node: string; said: string | null }) {
  return <QueryBoundary query={useExplanation(run, node)}>{(why) => <ExplanationView why={why} shown={said} />}</QueryBoundary>
}

/** Fetched only when it is opened. */
function Explanation({ node, step }: { node: string; step: Step }) {
  const run = useRun((state) => state.run?.id)
  const [open, setOpen] = useState(false)
  return (
    <details className={classes.why} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{step.reused ? 'Source of this result' : 'Why it was executed'}</summary>
      {open && run && <LoadedExplanation run={run} node={node} said={step.why} />}
    </details>
  )
}

/** Its duration and memory, as measured. */
const cost = ({ seconds, reused, peak_bytes }: Step) =>
  reused || seconds === null ? '' : [duration(seconds), peak_bytes ? memory(peak_bytes) : ''].filter(Boolean).join(' · ')

export function RunDetails({ node }: { node: string }) {
  const step = useRun((state) => state.run?.steps[node])
  const lines = useRun((state) => state.logs[node])
  const stale = useStale((state) => state.stale.get(node))
  if (!step) return null
  const state = markOf(step)
  return (
    <section className={classes.section} aria-label="Last run">
      <h2>Last run</h2>
      <div className={classes.stateLine}>
        <StateMark state={state} />
        <span>{STATE_WORDS[state]}</span>
        <span className={`${classes.faint} figures`} title="Duration and peak memory">{cost(step)}</span>
      </div>
      {step.why && <Text fz={12} c="dimmed">{step.why}</Text>}
      <RetryState step={step} />
      {stale && <Text fz={12} className={classes.problem} data-severity="warning">{STALE_WORDS[stale]}</Text>}
      {step.error && (
        <Alert color="red" variant="light" p="xs">
          <Text fz={13}>{step.error.words}</Text>
          {step.error.remedy && <Text fz={13} c="dimmed">{step.error.remedy}</Text>}
        </Alert>
      )}
      {warningsOf(step, lines).map((line) => <Text key={line} fz={12} className={classes.problem} data-severity="warning">{line}</Text>)}
      <Outputs node={node} step={step} />
      {isFinished(step.state) && step.state !== 'skipped' && <Explanation node={node} step={step} />}
    </section>
  )
}
