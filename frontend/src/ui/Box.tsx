import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Box.module.css'

interface Props {
  title?: string
  /** At the end of the title's line. */
  end?: ReactNode
  children: ReactNode
}

/** A part of a page with a line around it. */
export function Box({ title, end, children }: Props) {
  return (
    <section className={classes.box} aria-label={title}>
      {title && <header className={classes.head}><Title order={2} className={classes.title}>{title}</Title>{end}</header>}
      {children}
    </section>
  )
}
