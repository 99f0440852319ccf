/** The badge of what is wrong with a card; it opens the sentences. */
import { Popover, Text, UnstyledButton } from '@mantine/core'
import { IconAlertTriangleFilled } from '@tabler/icons-react'
import type { Problem } from '../../core/problems'
import { choose } from '../../state/selection'
import { spotlight } from '../../state/view'
import classes from './Card.module.css'

function goTo(problem: Problem) {
  if (!problem.node) return
  choose([problem.node])
  if (problem.param) spotlight(problem.node, problem.param)
}

export function CardProblems({ problems }: { problems: Problem[] }) {
  const severity = problems.some((problem) => problem.severity === 'error') ? 'error' : 'warning'
  return (
    <Popover position="right-start" width={280} withArrow>
      <Popover.Target>
        <UnstyledButton className={`${classes.badge} nodrag`} data-severity={severity} aria-label={`${problems.length} problems: ${problems[0]?.words ?? ''}`}>
          <IconAlertTriangleFilled size={14} aria-hidden />
          {problems.length > 1 && <span className="figures">{problems.length}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p="xs" className="nodrag nowheel">
        {problems.map((problem, at) => (
          <UnstyledButton key={at} className={classes.problem} onClick={() => goTo(problem)}>
            <Text fz={13}>{problem.words}</Text>
            {problem.remedy && <Text fz={12} c="dimmed">{problem.remedy}</Text>}
          </UnstyledButton>
        ))}
      </Popover.Dropdown>
    </Popover>
  )
}
