/** The corner of a card: stale result, problems, and the state of its step. */
import { Tooltip } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { warningsOf } from '../../core/runs/runs'
import { STALE_WORDS } from '../../core/runs/staleness'
import { useCheck } from '../../state/check'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import classes from './Card.module.css'
import { CardProblems, CardWarnings } from './CardProblems'
import { CardProgress, CardState } from './CardState'
import { CardMemoryWarning } from './CardMemoryWarning'

export function CardMarks({ id }: { id: string }) {
  const step = useRun(stepOf(id))
  const problems = useCheck((state) => state.byNode[id])
  const stale = useStale((state) => state.stale.get(id))
  const lines = useRun((state) => state.logs[id])
  const warnings = stale ? [] : warningsOf(step, lines)
  return (
    <>
      <span className={classes.corner}>
        {stale && (
          <Tooltip label={STALE_WORDS[stale]} position="right">
            <span className={classes.stale} role="img" aria-label="The result is outdated"><IconHistory size={15} aria-hidden /></span>
          </Tooltip>
        )}
        {problems && <CardProblems problems={problems} />}
        <CardMemoryWarning node={id} />
        {warnings.length > 0 && <CardWarnings node={id} lines={warnings} />}
        {step && !(stale && step.state === 'done') && <CardState step={step} />}
      </span>
      {step && <CardProgress step={step} />}
    </>
  )
}
