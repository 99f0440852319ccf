import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** An empty state: what would be here, and the next step. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" justify="center" gap="xs" p="xl" ta="center">
      <Text fw={600}>{title}</Text>
      {children && <Text size="sm" c="dimmed" component="div" maw={420}>{children}</Text>}
    </Stack>
  )
}
