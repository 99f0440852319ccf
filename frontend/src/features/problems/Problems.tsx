/** All problems of the pipeline and errors of its last run; a click goes to the place. */
import { Text, UnstyledButton } from '@mantine/core'
import { IconAlertCircleFilled, IconAlertTriangleFilled, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react'
import { nodeTitle } from '../../core/graph/connect'
import { counted } from '../../core/base/numbers'
import { mostSevere, type Problem } from '../../core/base/problems'
import { useCatalogue, useTitles } from '../../state/catalogue'
import { currentGraph, useDocument } from '../../state/document'
import { goToProblem, useProblems } from '../../state/problems'
import { useRun } from '../../state/run'
import classes from './Problems.module.css'

function where(problem: Problem, title: string): string {
  return [title, problem.param ?? problem.port, problem.column && `column ${problem.column}`].filter(Boolean).join(' · ')
}

const KINDS = {
  error: { Icon: IconAlertCircleFilled, called: 'Error' },
  warning: { Icon: IconAlertTriangleFilled, called: 'Warning' },
  unfinished: { Icon: IconCircleDashed, called: 'Not finished' },
}

function Row({ problem }: { problem: Problem }) {
  const catalogue = useCatalogue()
  useDocument((state) => (problem.node ? state.nodes[problem.node]?.title : undefined))
  const title = problem.node ? nodeTitle(currentGraph(), catalogue, problem.node) : ''
  const { Icon, called } = KINDS[problem.severity]
  return (
    <UnstyledButton className={classes.row} data-severity={problem.severity} onClick={() => goToProblem(problem)}>
      <Icon size={16} aria-label={called} />
      <span>
        <Text fz={13} span>{problem.words} </Text>
        {problem.remedy && <Text fz={13} span c="dimmed">{problem.remedy}</Text>}
        <Text fz={12} c="dimmed">{where(problem, title)}</Text>
      </span>
    </UnstyledButton>
  )
}

export function ProblemCount() {
  const problems = useProblems()
  return problems.length === 0 ? null : <span className={`${classes.count} figures`} data-severity={mostSevere(problems)}>{problems.length}</span>
}

/** The nodes that the last run left out. */
function LeftOut() {
  const run = useRun((state) => state.run)
  const titleOf = useTitles()
  if (!run?.left_out.length) return null
  return <p className={classes.leftOut}>The last run left out {counted(run.left_out.length, 'unfinished module')}: {run.left_out.map(({ node }) => titleOf(run, node)).join(', ')}.</p>
}

export function Problems() {
  const problems = useProblems()
  const none = <div className={classes.none}><IconCircleCheck size={18} aria-hidden /> No problems. The pipeline is ready to run.</div>
  return (
    <>
      <LeftOut />
      {problems.length === 0 ? none : <div className={classes.list}>{problems.map((problem, at) => <Row key={at} problem={problem} />)}</div>}
    </>
  )
}
