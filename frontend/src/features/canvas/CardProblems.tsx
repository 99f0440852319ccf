/** The problems of a card's draft, and the warnings of its last run, as buttons in its corner. */
import { Popover, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { counted } from '../../core/base/numbers'
import { mostSevere, type Problem } from '../../core/base/problems'
import { showNode } from '../../state/drawn'
import { showTab, spotlight } from '../../state/view'
import { GAPS_WORDS, StateMark } from '../../ui/StateMark'
import classes from './Card.module.css'

/** Goes to the setting that a problem names, else to the log of its step. */
export function goTo({ node, param }: Pick<Problem, 'node' | 'param'>, otherwise: 'log' | null = null) {
  if (!node) return
  showNode(node)
  if (param) spotlight(node, param)
  else if (otherwise) showTab(otherwise)
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
  return (
    <UnstyledButton className={`${classes.badge} nodrag`} onClick={() => goTo({ node, param: null }, 'log')} aria-label={`${counted(lines.length, 'warning')}: ${lines[0]}`} title={lines.join('\n')}>
      <StateMark state="warning" />
    </UnstyledButton>
  )
}

/** How many items of the step failed; a click lists its items. */
export function CardGaps({ node, failed }: { node: string; failed: number }) {
  const words = `${GAPS_WORDS}: ${counted(failed, 'item')} failed`
  return (
    <UnstyledButton className={`${classes.badge} nodrag`} onClick={() => { showNode(node); showTab('items') }} aria-label={`${words}. Show the items`} title={`${words}. Click to see which, and why.`}>
      <StateMark state="warning" />
    </UnstyledButton>
  )
}

/** The popover is created on first open: a large draft may have hundreds of badges. */
export function CardProblems({ problems }: { problems: Problem[] }) {
  const [opened, setOpened] = useState(false)
  const badge = (
    <UnstyledButton
      className={`${classes.badge} nodrag`} data-severity={mostSevere(problems)} onClick={() => setOpened(!opened)}
      aria-label={`${counted(problems.length, 'problem')}: ${problems[0]?.words ?? ''}`} title={problems.map((problem) => problem.words).join('\n')}
    >
      <StateMark state="warning" />
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
