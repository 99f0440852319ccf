/** How this node's step went in the run on the screen. */
import { Alert, Text } from '@mantine/core'
import { counted, bytes, duration } from '../../core/numbers'
import { warningsOf, type Step } from '../../core/runs'
import { STALE_WORDS } from '../../core/staleness'
import { useRun } from '../../state/run'
import { choosePort } from '../../state/selection'
import { useStale } from '../../state/stale'
import { setPanel, useView } from '../../state/view'
import { KindMark } from '../../ui/KindMark'
import { markOf } from '../../ui/markOf'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import classes from './Inspector.module.css'

function show(node: string, port: string) {
  choosePort({ node, port })
  useView.setState({ tab: 'results' })
  setPanel('drawer', true)
}

function Outputs({ node, step }: { node: string; step: Step }) {
  return Object.entries(step.outputs).map(([port, output]) => (
    <button key={port} type="button" className={classes.output} onClick={() => show(node, port)}>
      <KindMark kind={output.kind} size={10} />
      <span>{port}</span>
      <span className={`${classes.faint} figures`}>
        {output.rows === null ? bytes(output.bytes) : `${counted(output.rows, 'row')}${output.columns ? `, ${counted(output.columns.length, 'column')}` : ''}`}
      </span>
    </button>
  ))
}

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
        {step.seconds !== null && !step.reused && <span className={`${classes.faint} figures`}>{duration(step.seconds)}</span>}
      </div>
      {step.why && <Text fz={12} c="dimmed">{step.why}</Text>}
      {stale && <Text fz={12} className={classes.problem} data-severity="warning">{STALE_WORDS[stale]}</Text>}
      {step.error && (
        <Alert color="red" variant="light" p="xs">
          <Text fz={13}>{step.error.words}</Text>
          {step.error.remedy && <Text fz={13} c="dimmed">{step.error.remedy}</Text>}
        </Alert>
      )}
      {warningsOf(step, lines).map((line) => <Text key={line} fz={12} className={classes.problem} data-severity="warning">{line}</Text>)}
      <Outputs node={node} step={step} />
    </section>
  )
}
