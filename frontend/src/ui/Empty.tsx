import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './Empty.module.css'

interface Props {
  title: string
  /** A glyph of what would be here. */
  icon?: Icon
  /** One or two buttons: the next step. */
  actions?: ReactNode
  /** Something went wrong here: the glyph is red. */
  failed?: boolean
  children?: ReactNode
}

/** An empty state: what would be here, and the next step. */
export function Empty({ title, icon: Glyph, actions, failed = false, children }: Props) {
  return (
    <div className={classes.empty} data-failed={failed || undefined}>
      {Glyph && <Glyph size={24} stroke={1.6} className={classes.glyph} aria-hidden />}
      <p className={classes.title}>{title}</p>
      {children && <div className={classes.words}>{children}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  )
}
