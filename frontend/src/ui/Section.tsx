import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: string
  help?: string
  children: ReactNode
}

/** A titled part of a page. */
export function Section({ title, help, children }: Props) {
  return (
    <section>
      <Title order={2} size="h3" mb={help ? 2 : 'xs'}>{title}</Title>
      {help && <Text size="sm" c="dimmed" mb="sm">{help}</Text>}
      {children}
    </section>
  )
}
