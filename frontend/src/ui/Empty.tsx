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
  /** It is all that the page has: the title is its heading. */
  page?: boolean
  children?: ReactNode
}

/** An empty state: what would be here, and the next step. */
export function Empty({ title, icon: Glyph, actions, failed = false, page = false, children }: Props) {
  const Title = page ? 'h1' : 'p'
  return (
    <div className={classes.empty} data-failed={failed || undefined}>
      {Glyph && <Glyph size={24} stroke={1.6} className={classes.glyph} aria-hidden />}
      <Title className={classes.title}>{title}</Title>
      {children && <div className={classes.words}>{children}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  )
}
