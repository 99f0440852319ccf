/** The parts of the panel: its head, sections, and sections that fold to a line with their value. */
import { ActionIcon, Menu } from '@mantine/core'
import { IconChevronRight, IconDots } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { availableCommands } from '../../state/commands'
import { CommandItems } from '../../ui/CommandItems'
import classes from './Inspector.module.css'

interface HeadProps {
  tile?: ReactNode
  title: ReactNode
  /** The second line. */
  line: ReactNode
  /** The ids of the commands in its menu. */
  menu?: readonly string[]
  label?: string
}

export function Head({ tile, title, line, menu, label }: HeadProps) {
  const commands = menu ? availableCommands(menu) : []
  return (
    <header className={classes.head}>
      {tile}
      <div className={classes.headWords}>
        {title}
        <div className={classes.headLine}>{line}</div>
      </div>
      {commands.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target><ActionIcon size={28} aria-label={label}><IconDots size={16} stroke={1.6} /></ActionIcon></Menu.Target>
          <Menu.Dropdown><CommandItems commands={commands} /></Menu.Dropdown>
        </Menu>
      )}
    </header>
  )
}

/** `end` stands at the right of the title. */
export function Part({ title, end, children }: { title: string; end?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h2 className={classes.partTitle}>{title}{end && <span className={classes.end}>{end}</span>}</h2>
      {children}
    </section>
  )
}

/** `value` is what the fold holds, shown while it is closed. */
export function Fold({ title, value, children }: { title: string; value: string; children: ReactNode }) {
  return (
    <details className={classes.part} data-fold>
      <summary className={classes.partTitle}>{title}<span className={classes.end} data-value title={value}>{value}</span><IconChevronRight size={14} stroke={1.6} className={classes.chevron} aria-hidden /></summary>
      {children}
    </details>
  )
}
