import { Button } from '@mantine/core'
import { IconAlertOctagon } from '@tabler/icons-react'
import classes from './Failure.module.css'

interface Props {
  error: { words: string; remedy: string | null }
  onRetry?: () => void
}

/** An error: what went wrong, what to do, and a retry button where that may help. */
export function Failure({ error, onRetry }: Props) {
  return (
    <div className={classes.failure} role="alert">
      <IconAlertOctagon size={16} stroke={1.7} className={classes.glyph} aria-hidden />
      <p className={classes.words}>{error.words} {error.remedy}</p>
      {onRetry && <Button size="compact-xs" variant="default" onClick={onRetry}>Try again</Button>}
    </div>
  )
}
