/** The problem badge of a card; it opens the list of sentences. */
import { Popover, Text, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconAlertTriangleFilled, IconCircleDashed } from '@tabler/icons-react'
import { useState } from 'react'
import { counted } from '../../core/base/numbers'
import { mostSevere, type Problem } from '../../core/base/problems'
import { choose } from '../../state/selection'
import { showTab, spotlight } from '../../state/view'
import classes from './Card.module.css'

function goTo(problem: Problem) {
  if (!problem.node) return
  choose([problem.node])
  if (problem.param) spotlight(problem.node, problem.param)
}

function Sentences({ problems }: { problems: Problem[] }) {
  return problems.map((problem, at) => (
    <UnstyledButton key={at} className={classes.problem} onClick={() => goTo(problem)}>
      <Text fz={13}>{problem.words}</Text>
      {problem.remedy && <Text fz={12} c="dimmed">{problem.remedy}</Text>}
    </UnstyledButton>
  ))
}

/** The warnings of the step in its last run; a click opens its log. */
export function CardWarnings({ node, lines }: { node: string; lines: string[] }) {
  const open = () => {
    choose([node])
    showTab('log')
  }
  return (
    <UnstyledButton className={`${classes.badge} nodrag`} data-severity="warning" onClick={open} aria-label={`${counted(lines.length, 'warning')}: ${lines[0]}`} title={lines.join('\n')}>
      <IconAlertTriangle size={15} stroke={2} aria-hidden />
    </UnstyledButton>
  )
}

/** The popover is created on first open: a large draft may have hundreds of badges. */
export function CardProblems({ problems }: { problems: Problem[] }) {
  const [opened, setOpened] = useState(false)
  const severity = mostSevere(problems)
  const called = severity === 'unfinished' ? 'Not finished' : counted(problems.length, 'problem')
  const badge = (
    <UnstyledButton
      className={`${classes.badge} nodrag`} data-severity={severity} onClick={() => setOpened(!opened)}
      aria-label={`${called}: ${problems[0]?.words ?? ''}`} title={problems.map((problem) => problem.words).join('\n')}
    >
      {severity === 'unfinished' ? <IconCircleDashed size={15} stroke={1.8} aria-hidden /> : <IconAlertTriangleFilled size={14} aria-hidden />}
      {problems.length > 1 && severity !== 'unfinished' && <span className="figures">{problems.length}</span>}
    </UnstyledButton>
  )
  if (!opened) return badge
  return (
    <Popover opened onChange={setOpened} position="right-start" width={280} withArrow>
      <Popover.Target>{badge}</Popover.Target>
      <Popover.Dropdown p="xs" className="nodrag nowheel"><Sentences problems={problems} /></Popover.Dropdown>
    </Popover>
  )
}
