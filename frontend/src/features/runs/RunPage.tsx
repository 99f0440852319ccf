import { SegmentedControl, Skeleton } from '@mantine/core'
import { IconPointer } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { Link, useSearchParams } from 'wouter'
import { isFinished, type Run } from '../../core/runs/runs'
import { useHasItems } from '../../state/items'
import { attach, detach, useRun } from '../../state/run'
import { useEnter } from '../../state/workspace'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { NotFound } from '../../ui/NotFound'
import { PageHead } from '../../ui/Page'
import { RunHead } from './RunHead'
import classes from './RunPage.module.css'
import { RunTimeline } from './RunTimeline'
import { StepSettings } from './StepSettings'
import { StepExplanation } from './StepExplanation'

interface Props {
  id: string
  /** The results and the log of a node of this run: provided by other features. */
  results: (node: string, port: string | null, onPort: (port: string) => void) => ReactNode
  log: (node: string) => ReactNode
  /** The items of a step that fanned out. */
  items: (node: string) => ReactNode
}

/** One run: the timeline of its steps and their results, with the graph as it was. */
export function RunPage({ id, ...parts }: Props) {
  const run = useRun((state) => (state.run?.id === id ? state.run : null))
  const error = useRun((state) => state.error)
  useEnter(run?.workspace)
  useEffect(() => {
    void attach(id)
    return detach
  }, [id])
  if (error?.status === 404 && !run) return <NotFound what="Run"><Link href="/runs">All runs</Link></NotFound>
  if (error && !run) return <div className={classes.head}><Failure error={error} onRetry={() => void attach(id)} /></div>
  if (!run) return <Loading />
  return <Loaded run={run} {...parts} />
}

function Loading() {
  return (
    <div className={classes.run} aria-busy>
      <div className={classes.head}><PageHead title={<Skeleton h={20} w={220} my={6} />} facts={<Skeleton h={12} w={340} my={4} />} /></div>
      <div className={classes.stepsBox}><div className={classes.steps}>{[1, 2, 3, 4, 5].map((row) => <Skeleton key={row} h={12} w={`${70 - row * 6}%`} />)}</div></div>
    </div>
  )
}

const ITEMS = { value: 'items', label: 'Items' }
const VIEWS = [{ value: 'results', label: 'Results' }, { value: 'log', label: 'Log' }, { value: 'settings', label: 'Settings' }, { value: 'why', label: 'Why' }]

function Loaded({ run, results, log, items }: { run: Run } & Omit<Props, 'id'>) {
  const [params, setParams] = useSearchParams()
  const node = params.get('node')
  const hasItems = useHasItems(node)
  const wanted = params.get('view') ?? 'results'
  const view = wanted === 'items' && !hasItems ? 'results' : wanted
  const show = (changes: Record<string, string>) => setParams({ ...Object.fromEntries(params), ...changes }, { replace: true })
  return (
    <div className={classes.run}>
      <RunHead run={run} />
      <div className={classes.stepsBox}><RunTimeline run={run} selected={node} onSelect={(next) => setParams({ node: next, view: wanted }, { replace: true })} /></div>
      <div className={classes.details}>
        {node === null
          ? <Empty title="Select a step" icon={IconPointer}>Its results, log and settings appear here.{isFinished(run.state) ? '' : ' They are updated while the run is in progress.'}</Empty>
          : (
            <>
              <div className={classes.tabs}><SegmentedControl size="xs" data={hasItems ? VIEWS.toSpliced(1, 0, ITEMS) : VIEWS} value={view} onChange={(next) => show({ view: next })} aria-label="View" /></div>
              <div className={classes.shown}>
                {view === 'items' ? items(node) : view === 'log' ? log(node) : view === 'why' ? <StepExplanation run={run} node={node} /> : view === 'settings' ? <StepSettings run={run} node={node} /> : results(node, params.get('port'), (port) => show({ port }))}
              </div>
            </>
          )}
      </div>
    </div>
  )
}
