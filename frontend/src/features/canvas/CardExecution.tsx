/** At the end of a card's second line: that its execution settings differ from the defaults. */
import { Tooltip } from '@mantine/core'
import { IconBox, IconBrandDocker, IconRepeat, IconServer2 } from '@tabler/icons-react'
import { hasSigns } from '../../core/graph/cardShape'
import { executionWords } from '../../core/graph/execution'
import type { Execution } from '../../core/graph/graph'
import classes from './Card.module.css'

export function CardExecution({ execution }: { execution: Execution }) {
  if (!hasSigns(execution)) return null
  const { target, retries = 0 } = execution
  const words = `${executionWords(execution).join('. ')}.`
  const Where = target === 'docker' ? IconBrandDocker : target === 'sandbox' ? IconBox : target === 'ray' ? IconServer2 : null
  return (
    <Tooltip label={words} position="right">
      <span className={classes.execution} role="img" aria-label={words}>
        {Where && <Where size={14} stroke={1.6} aria-hidden />}
        {retries > 0 && <><IconRepeat size={13} stroke={1.6} aria-hidden />{retries}</>}
      </span>
    </Tooltip>
  )
}
