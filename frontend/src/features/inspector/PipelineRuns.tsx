/** The metric of the last runs of the pipeline, and the runs. */
import { Skeleton, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { counted, duration, metric } from '../../core/base/numbers'
import { lowered } from '../../core/base/words'
import { nodeTitle } from '../../core/graph/connect'
import { comparison } from '../../core/runs/comparison'
import { trendOf, valueIn, type Trend } from '../../core/runs/headlines'
import { isFinished, runSeconds, type RunBrief } from '../../core/runs/runs'
import { scoredOutputs, scoringAddress } from '../../core/runs/scoring'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph, useDocument } from '../../state/document'
import { showNode } from '../../state/drawn'
import { useMemberColours } from '../../state/members'
import { pipelineRunsQuery } from '../../state/pipelines'
import { useRun } from '../../state/run'
import { showTab, useView } from '../../state/view'
import { Avatar } from '../../ui/Avatar'
import { Change } from '../../ui/Change'
import { markOf } from '../../ui/markOf'
import { Sparkline } from '../../ui/Sparkline'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import { useNow } from '../../ui/useNow'
import { Part } from './Part'
import inspector from './Inspector.module.css'
import classes from './Pipeline.module.css'

const COMPARED = 10
const LISTED = 5
const SIDE_BY_SIDE = 2
/** The list of the server ends here. */
const MOST = 200

function reveal(node: string) {
  showNode(node)
  useView.getState().canvas?.reveal(node)
}

/** "Best AUC over the last 10 runs"; where neither higher nor lower is better, the newest value. */
function titleOf({ headline: { title, better }, values }: Trend): string {
  const runs = values.length === 1 ? 'in the last run' : `over the last ${values.length} runs`
  return better && values.length > 1 ? `Best ${lowered(title)} ${runs}` : values.length > 1 ? `${title}, last ${values.length} runs` : `${title} ${runs}`
}

function Source({ node }: { node: string }) {
  const catalogue = useCatalogue()
  const drawn = useDocument((state) => state.nodes[node])
  if (!drawn) return null
  return <UnstyledButton className={inspector.link} onClick={() => reveal(node)}>{nodeTitle(currentGraph(), catalogue, node)}</UnstyledButton>
}

function Metric({ trend }: { trend: Trend }) {
  const { headline: { better, title }, best, values, change } = trend
  return (
    <div className={classes.metric}>
      <div>
        <div className={`${classes.figure} figures`}>{metric(best)}</div>
        {change !== null && <div className={classes.since}><Change by={change} higherIsBetter={better && better === 'high'} /> since the previous run</div>}
      </div>
      <Sparkline values={values} width={92} height={44} label={`${title} of the last ${values.length} runs, from ${metric(values[0])} to ${metric(values.at(-1))}`} />
    </div>
  )
}

function Row({ run, trend, colour }: { run: RunBrief; trend: Trend | null; colour: string | undefined }) {
  const going = !isFinished(run.state)
  const now = useNow(going)
  const mark = markOf(run)
  const value = trend && valueIn(run, trend.headline)
  return (
    <li>
      <Link href={`/runs/${run.id}`} className={classes.run}>
        <StateMark state={mark} /><span className="visually-hidden">{STATE_WORDS[mark]}, </span>
        <span className={classes.when}><Timestamp at={run.created_at} /></span>
        {run.started_by && <Avatar name={run.started_by} colour={colour} size={18} labelled />}
        <span className={`${classes.took} figures`}>{duration(runSeconds(run, now))}</span>
        {trend && <span className={`${classes.value} figures`}>{value === null ? '–' : metric(value)}</span>}
      </Link>
    </li>
  )
}

/** Keeps its height while it loads. */
function Loading() {
  return <Part title="Runs"><Skeleton h={44} mb={8} /><Skeleton h={32} mb={1} /><Skeleton h={32} mb={1} /><Skeleton h={32} /></Part>
}

export function PipelineRuns({ id }: { id: string }) {
  const current = useRun((watch) => watch.run?.id ?? null)
  const state = useRun((watch) => watch.run?.state)
  const scoring = useRun(({ run }) => (run && isFinished(run.state) && scoredOutputs(run).length > 0 ? scoringAddress(run.id) : null))
  const { data: runs } = useQuery(pipelineRunsQuery(id, { current, state }))
  const colours = useMemberColours(runs?.[0]?.workspace)
  if (!runs) return <Loading />
  if (runs.length === 0) return <Part title="Runs"><p className={classes.none}>No runs yet. Press Run to run all modules and compare their metrics here.</p></Part>
  const trend = trendOf(runs, COMPARED)
  const compared = runs.filter(({ state: ended }) => ended === 'done').slice(0, SIDE_BY_SIDE).map((run) => run.id)
  const all = runs.length === MOST ? `Last ${MOST} runs` : `All ${counted(runs.length, 'run')}`
  return (
    <Part title={trend ? titleOf(trend) : 'Runs'} end={trend && <Source node={trend.headline.node} />}>
      {trend && <Metric trend={trend} />}
      <ul className={classes.runs}>{runs.slice(0, LISTED).map((run) => <Row key={run.id} run={run} trend={trend} colour={colours[run.started_by]} />)}</ul>
      <span className={classes.links}>
        <UnstyledButton className={inspector.link} onClick={() => showTab('history')}>{runs.length > 1 ? all : 'Show under Runs'}</UnstyledButton>
        {scoring && <Link href={scoring} className={inspector.link}>Scoring pipeline</Link>}
        {compared.length > 1 && <Link href={comparison(compared)} className={inspector.link}>Compare the last {compared.length}</Link>}
      </span>
    </Part>
  )
}
