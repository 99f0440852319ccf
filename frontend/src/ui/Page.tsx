import { Group, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './page.module.css'

interface Props {
  title: ReactNode
  /** Buttons at the end of the title's line. */
  actions?: ReactNode
  children: ReactNode
}

/** A page of lists and forms beside the canvas. */
export function Page({ title, actions, children }: Props) {
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="sm" mb="md">
        <Title order={1} size="h3">{title}</Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  )
}
