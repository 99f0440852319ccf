import { Button } from '@mantine/core'
import { IconPlayerPlayFilled, IconTable } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { isFinished, type Run } from '../../core/runs/runs'
import { asApiError, getRun } from '../../server/rest'
import { useCatalogue, useTitles } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { useRun } from '../../state/run'
import { isBusy, runDraft } from '../../state/runDraft'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { PortPicker } from './PortPicker'
import { PortResults } from './PortResults'
import classes from './results.module.css'

interface Props {
  runId: string
  node: string
  /** Null shows the node's first port. */
  port: string | null
  onPick: (pick: { node: string; port: string }) => void
}

/** All outputs of a finished node, one port at a time. It fills its container. */
export function ResultsDrawer({ runId, node, port, onPick }: Props) {
  const watched = useRun((state) => (state.run?.id === runId ? state.run : null))
  const asked = useQuery({ queryKey: ['run', runId], queryFn: () => getRun(runId), enabled: !watched })
  const run = watched ?? asked.data
  const titleOf = useTitles()
  const outputs = run?.steps[node]?.outputs ?? {}
  const shown = port !== null && port in outputs ? port : Object.keys(outputs)[0]
  const output = shown === undefined ? undefined : outputs[shown]

  return (
    <section className={classes.drawer} aria-label="Results">
      {asked.error && !run ? <div className={classes.padded}><Failure error={asApiError(asked.error)} onRetry={() => void asked.refetch()} /></div>
        : !run ? <ListSkeleton />
          : output && shown !== undefined ? (
            <PortResults
              key={`${runId} ${node} ${shown}`} place={{ run: runId, node, port: shown }} output={output} params={run.graph.nodes[node]?.params ?? {}} label={titleOf(run, node)}
              lead={Object.keys(outputs).length > 1 ? <PortPicker outputs={outputs} port={shown} onPick={(next) => onPick({ node, port: next })} /> : null}
            />
          )
            : <NoResult run={run} node={node} />}
    </section>
  )
}

/** Nothing on the page of a run, which shows what was, and for viewers. */
export function RunToHere({ node }: { node: string }) {
  const may = useDocument((state) => state.loaded && !state.readOnly && node in state.nodes)
  const busy = useRun(isBusy)
  return may && !busy ? <Button h={28} data-once leftSection={<IconPlayerPlayFilled size={12} />} onClick={() => void runDraft({ to: [node] })}>Run to here</Button> : null
}

/** Why there is no result, and what to do about it. */
function NoResult({ run, node }: { run: Run; node: string }) {
  const hasOutputs = (useCatalogue().module(run.graph.nodes[node]?.module ?? '')?.outputs.length ?? 0) > 0
  const step = run.steps[node]
  if (step?.error) return <div className={classes.padded}><Failure error={step.error} /></div>
  const leftOut = run.left_out.find((one) => one.node === node)
  if (leftOut) return <Empty title="This module was left out of the run" icon={IconTable}>{leftOut.reason}</Empty>
  if (!step) return <Empty title="This module was not part of the run" icon={IconTable} actions={<RunToHere node={node} />} />
  if (!isFinished(step.state)) return <Empty title="No results yet" icon={IconTable}>They appear here when this step has finished.</Empty>
  if (step.state === 'done') return <Empty title="No results" icon={IconTable}>{hasOutputs ? 'It was executed for each item of its sub-pipeline. Results that nothing outside reads are not kept.' : 'This module has no output ports.'}</Empty>
  return <Empty title="This step has not run" icon={IconTable} actions={<RunToHere node={node} />}>{step.why}</Empty>
}
