/** All problems of the pipeline and errors of its last run; a click goes to the place. */
import { UnstyledButton } from '@mantine/core'
import { IconArrowUpRight } from '@tabler/icons-react'
import type { Module } from '../../core/catalogue/catalogue'
import { nodeTitle } from '../../core/graph/connect'
import { counted } from '../../core/base/numbers'
import { mostSevere, wordsWithoutSubject, type Problem } from '../../core/base/problems'
import { leftOutOf } from '../../core/runs/runs'
import { useCatalogue, useTitles } from '../../state/catalogue'
import { currentGraph, useDocument } from '../../state/document'
import { goToProblem, useProblems } from '../../state/problems'
import { useRun } from '../../state/run'
import { Empty } from '../../ui/Empty'
import { StateMark, type MarkState } from '../../ui/StateMark'
import classes from './Problems.module.css'

/** The setting or port by its title, and the column. */
function placeOf({ param, port, column }: Problem, module: Module | undefined): string {
  const name = param ?? port
  const named = [...(module?.params ?? []), ...(module?.inputs ?? []), ...(module?.outputs ?? [])].find((each) => each.name === name)
  return [named?.title ?? name, column && `column ${column}`].filter(Boolean).join(' · ')
}

/** A shape for each severity, and its word. */
const KINDS: Record<Problem['severity'], { mark: MarkState; called: string }> = {
  error: { mark: 'failed', called: 'Error' },
  warning: { mark: 'warning', called: 'Warning' },
  unfinished: { mark: 'waiting', called: 'Not finished' },
}

function Row({ problem }: { problem: Problem }) {
  const catalogue = useCatalogue()
  useDocument((state) => (problem.node ? state.nodes[problem.node]?.title : undefined))
  const title = problem.node ? nodeTitle(currentGraph(), catalogue, problem.node) : 'Pipeline'
  const place = placeOf(problem, catalogue.module(currentGraph().nodes[problem.node ?? '']?.module ?? ''))
  const { mark, called } = KINDS[problem.severity]
  return (
    <UnstyledButton className={classes.row} onClick={() => goToProblem(problem)}>
      <span role="img" aria-label={called}><StateMark state={mark} /></span>
      <span className={classes.words}>
        <span><b>{title}</b>{place && <span className={classes.place}> · {place}</span>}</span>
        <span>{wordsWithoutSubject(problem, 1)} {problem.remedy && <span className={classes.remedy}>{problem.remedy}</span>}</span>
      </span>
      <IconArrowUpRight size={16} stroke={1.6} aria-hidden className={classes.go} />
    </UnstyledButton>
  )
}

export function ProblemCount() {
  const problems = useProblems()
  return problems.length === 0 ? null : <span className={classes.count} data-severity={mostSevere(problems)}>{problems.length}</span>
}

/** The nodes that the last run left out. */
function LeftOut() {
  const run = useRun((state) => state.run)
  const titleOf = useTitles()
  if (!run?.left_out.length) return null
  return <p className={classes.leftOut}>The last run left out {counted(run.left_out.length, run.verifies ? 'module' : 'unfinished module')}: {leftOutOf(run).map((node) => titleOf(run, node)).join(', ')}.</p>
}

export function Problems() {
  const problems = useProblems()
  return (
    <>
      <LeftOut />
      {problems.length === 0 ? <Empty title="No problems">The pipeline is ready to run.</Empty> : <div className={classes.list}>{problems.map((problem, at) => <Row key={at} problem={problem} />)}</div>}
    </>
  )
}
