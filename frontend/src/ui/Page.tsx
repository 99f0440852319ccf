import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './page.module.css'

interface Props {
  title: ReactNode
  /** A second line under the title. */
  facts?: ReactNode
  /** Buttons at the end of the title's line, the primary one last. */
  actions?: ReactNode
  children: ReactNode
}

/** A page of lists and forms beside the canvas. */
export function Page({ title, facts, actions, children }: Props) {
  return (
    <div className={classes.page}>
      <PageHead title={title} facts={facts} actions={actions} />
      {children}
    </div>
  )
}

export function PageHead({ title, facts, actions }: Omit<Props, 'children'>) {
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        <Title order={1} className={classes.title}>{title}</Title>
        {facts && <div className={classes.facts}>{facts}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  )
}
