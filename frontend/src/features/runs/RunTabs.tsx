/** The runs of a pipeline, in the drawer under its canvas. */
import { showNode } from '../../state/drawn'
import { attach, useRun } from '../../state/run'
import { onlyChosen, useSelection } from '../../state/selection'
import { Empty } from '../../ui/Empty'
import { RunHistory } from './RunHistory'
import { RunTimeline } from './RunTimeline'

export function TimelineTab() {
  const run = useRun((state) => state.run)
  const chosen = useSelection(onlyChosen)
  if (!run) return <Empty title="No runs yet">Press Run to see how long each step takes.</Empty>
  return <RunTimeline run={run} selected={chosen} onSelect={showNode} />
}

export function HistoryTab({ pipeline }: { pipeline: string }) {
  const current = useRun((state) => state.run?.id ?? null)
  return <RunHistory pipeline={pipeline} current={current} onOpen={(run) => void attach(run)} />
}
