/** Running what is drawn: after it is saved, so that the server runs what the person sees. */
import { upstream } from '../core/graph'
import { isFinished } from '../core/runs'
import { useDocument } from './document'
import { start, useRun } from './run'
import { showTab } from './view'

const PATIENCE = 4000

function saved(): Promise<void> {
  if (useDocument.getState().saved !== 'saving') return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
    const timer = setTimeout(done, PATIENCE)
    const unsubscribe = useDocument.subscribe(({ saved: state }) => state !== 'saving' && done())
  })
}

export const isBusy = ({ run, starting }: ReturnType<typeof useRun.getState>) => starting || (run !== null && !isFinished(run.state))

export async function runDraft(asked: { to?: string[]; force?: boolean } = {}) {
  const { pipelineId } = useDocument.getState()
  if (!pipelineId || isBusy(useRun.getState())) return
  const { nodes, edges } = useDocument.getState()
  useRun.setState({ starting: true, asked: new Set(asked.to ? [...asked.to, ...upstream(edges, asked.to)] : Object.keys(nodes)) })
  await saved()
  const run = await start(pipelineId, asked)
  if (!run && (useRun.getState().error?.problems.length ?? 0) > 0) showTab('problems')
}
