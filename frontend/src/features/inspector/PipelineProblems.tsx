/** The problems of the pipeline, the most severe first; each leads to its place. */
import { UnstyledButton } from '@mantine/core'
import { nodeTitle } from '../../core/graph/connect'
import { counted } from '../../core/base/numbers'
import { wordsWithoutSubject, type Problem } from '../../core/base/problems'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph, useDocument } from '../../state/document'
import { goToProblem, useProblems } from '../../state/problems'
import { showTab } from '../../state/view'
import { StateMark } from '../../ui/StateMark'
import inspector from './Inspector.module.css'
import { Part } from './Part'
import classes from './Pipeline.module.css'

const LISTED = 3
const MARKS = { error: 'failed', warning: 'warning', unfinished: 'waiting' } as const
const CALLED = { error: 'Error', warning: 'Warning', unfinished: 'Not finished' }

function Row({ problem }: { problem: Problem }) {
  const catalogue = useCatalogue()
  useDocument((state) => (problem.node ? state.nodes[problem.node]?.title : undefined))
  return (
    <li className={classes.problem}>
      <StateMark state={MARKS[problem.severity]} /><span className="visually-hidden">{CALLED[problem.severity]}: </span>
      <div>
        {problem.node && <strong>{nodeTitle(currentGraph(), catalogue, problem.node)}</strong>}
        <p>{wordsWithoutSubject(problem, 1)} {problem.severity !== 'unfinished' && problem.remedy}</p>
        {(problem.node ?? problem.edge) && <UnstyledButton className={inspector.link} onClick={() => goToProblem(problem)}>Show on canvas</UnstyledButton>}
      </div>
    </li>
  )
}

export function PipelineProblems() {
  const problems = useProblems()
  const more = problems.length - LISTED
  return (
    <Part title="Problems" end={problems.length === 0 ? 'none' : <span className={classes.count} data-severity={problems[0]?.severity}>{problems.length}</span>}>
      {problems.length > 0 && <ul className={classes.problems}>{problems.slice(0, LISTED).map((problem, at) => <Row key={at} problem={problem} />)}</ul>}
      {more > 0 && <UnstyledButton className={inspector.link} onClick={() => showTab('problems')}>Show {counted(more, 'more problem')}</UnstyledButton>}
    </Part>
  )
}
