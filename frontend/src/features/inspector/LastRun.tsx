/** The step of this node in the run on the screen: its state, cost and outputs, and why it ran. */
import { Anchor, Text } from '@mantine/core'
import { bytes, counted, duration, memory, metric } from '../../core/base/numbers'
import { givenTo, otherValues } from '../../core/graph/parameters'
import { isFinished, secondsToNextTry, warningsOf, type Output, type Step } from '../../core/runs/runs'
import { STALE_WORDS } from '../../core/runs/staleness'
import { useCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { useRun } from '../../state/run'
import { choosePort } from '../../state/selection'
import { useStale } from '../../state/stale'
import { showTab } from '../../state/view'
import { markOf } from '../../ui/markOf'
import { PortKindIcon } from '../../ui/PortKindIcon'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import { useNow } from '../../ui/useNow'
import { ProblemLine } from './Field'
import classes from './Inspector.module.css'
import { Part } from './Part'
import { WhyItRan } from './WhyItRan'

function show(node: string, port: string) {
  choosePort({ node, port })
  showTab('results')
}

/** "135 rows × 25 columns", the first metric of a report, or the size of a file. */
function sizeOf({ deferred, rows, width, bytes: size, headline }: Output): string {
  if (deferred) return 'not stored'
  if (rows !== null) return width ? `${counted(rows, 'row')} × ${counted(width, 'column')}` : counted(rows, 'row')
  return headline ? `${headline.title} ${metric(headline.value)}` : bytes(size)
}

function Outputs({ node, step }: { node: string; step: Step }) {
  const catalogue = useCatalogue()
  const run = useRun((state) => state.run)
  const module = catalogue.module(run?.graph.nodes[node]?.module ?? '')
  return Object.entries(step.outputs).map(([port, output]) => (
    <button key={port} type="button" className={classes.line} data-port={port} onClick={() => show(node, port)}>
      <PortKindIcon kind={catalogue.kind(output.kind)} size={10} />
      <span>{module?.outputs.find(({ name }) => name === port)?.title ?? port}</span>
      <span className={`${classes.value} figures`}>{sizeOf(output)}</span>
    </button>
  ))
}

/** That it had a temporary failure, and when it is retried. */
function RetryState({ step }: { step: Step }) {
  const waits = secondsToNextTry(step, 0) !== null
  const left = secondsToNextTry(step, useNow(waits))
  if (!step.tries) return null
  return <Text fz={12} c="dimmed" className="figures">Temporary failure ({counted(step.tries, 'time')}){left === null ? '.' : left > 0 ? `; retrying in ${Math.ceil(left)}\u00a0s.` : '; retrying now.'}</Text>
}

/** Its duration and memory, as measured. */
const cost = ({ seconds, reused, peak_bytes }: Step) =>
  reused || seconds === null ? '' : [duration(seconds), peak_bytes ? memory(peak_bytes) : ''].filter(Boolean).join(' · ')

/** Values that the run was given, where the pipeline has others: what is shown is not what the settings above say. */
function OtherValues({ node }: { node: string }) {
  const run = useRun((state) => state.run)
  const drawn = useDocument((state) => state.nodes[node])
  const parameters = useDocument((state) => state.parameters)
  const words = drawn && run ? otherValues(drawn, givenTo(run), parameters) : []
  return words.length > 0 && <Text fz={12}>Run with {words.join(', ')}.</Text>
}

export function LastRun({ node }: { node: string }) {
  const step = useRun((state) => state.run?.steps[node])
  const lines = useRun((state) => state.logs[node])
  const stale = useStale((state) => state.stale.get(node))
  if (!step) return null
  const state = markOf(step)
  return (
    <>
      <Part title="Last run" end={step.finished_at && <Timestamp at={step.finished_at} />}>
        <div className={classes.line}>
          <StateMark state={state} />
          <span>{STATE_WORDS[state]}</span>
          <span className={`${classes.value} figures`} title="Duration and peak memory">{cost(step)}</span>
        </div>
        <OtherValues node={node} />
        <RetryState step={step} />
        {stale && <ProblemLine severity="warning">{STALE_WORDS[stale]}</ProblemLine>}
        {step.error && <div className={classes.failure} role="alert"><strong>{step.error.words}</strong> {step.error.remedy}</div>}
        {step.failed_items > 0 && <ProblemLine severity="warning">{counted(step.failed_items, 'item')} failed. <Anchor component="button" fz="inherit" onClick={() => showTab('items')}>Show items</Anchor></ProblemLine>}
        {warningsOf(step, lines).map((line) => <ProblemLine key={line} severity="warning">{line}</ProblemLine>)}
        <Outputs node={node} step={step} />
      </Part>
      {isFinished(step.state) && <WhyItRan node={node} step={step} />}
    </>
  )
}
