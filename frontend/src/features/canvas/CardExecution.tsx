/** On a card: that its execution settings differ from the defaults. */
import { Tooltip } from '@mantine/core'
import { IconBox, IconBrandDocker, IconRepeat } from '@tabler/icons-react'
import type { Execution } from '../../core/graph/graph'
import { executionWords } from '../../core/graph/execution'
import classes from './Card.module.css'

export function CardExecution({ execution }: { execution: Execution }) {
  const { target, retries = 0 } = execution
  const words = `${executionWords(execution).join('. ')}.`
  const Where = target === 'docker' ? IconBrandDocker : target === 'sandbox' ? IconBox : null
  if (!Where && retries === 0) return null
  return (
    <Tooltip label={words} position="right">
      <span className={classes.execution} role="img" aria-label={words}>
        {Where && <Where size={14} stroke={1.7} aria-hidden />}
        {retries > 0 && <><IconRepeat size={13} stroke={1.8} aria-hidden /><span className="figures">{retries}</span></>}
      </span>
    </Tooltip>
  )
}
