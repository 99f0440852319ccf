/** On a card: that its next run would exceed its memory limit. */
import { Tooltip } from '@mantine/core'
import { IconAlertSquareRounded } from '@tabler/icons-react'
import { memoryWarning } from '../../core/runs/estimates'
import { useDocument } from '../../state/document'
import { useEstimates } from '../../state/estimates'
import classes from './Card.module.css'

export function CardMemoryWarning({ node }: { node: string }) {
  const own = useDocument((state) => state.nodes[node]?.execution?.memory_mb ?? state.execution?.memory_mb)
  const words = useEstimates((state) => memoryWarning(state.nodes[node], state.memory_limit, own))
  if (!words) return null
  return (
    <Tooltip label={words} position="right">
      <span className={classes.stale} role="img" aria-label={words}><IconAlertSquareRounded size={15} aria-hidden /></span>
    </Tooltip>
  )
}
