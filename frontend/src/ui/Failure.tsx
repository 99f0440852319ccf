import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

interface Props {
  error: { words: string; remedy: string | null }
  onRetry?: () => void
}

/** An error: what went wrong, what to do, and a retry button where that may help. */
export function Failure({ error, onRetry }: Props) {
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="var(--text)">
          {error.words} {error.remedy}
        </Text>
        {onRetry && <Button size="xs" variant="default" onClick={onRetry}>Try again</Button>}
      </Group>
    </Alert>
  )
}
