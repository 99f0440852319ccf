import { Tooltip } from '@mantine/core'
import { usePeople } from '../../state/people'
import classes from './TopBar.module.css'

const initials = (name: string) => name.split(/[\s@.]+/).filter(Boolean).slice(0, 2).map((word) => word[0]?.toUpperCase()).join('')

export function People({ most }: { most: number }) {
  const others = usePeople((state) => state.others)
  if (others.length === 0) return null
  return (
    <div className={classes.people} role="group" aria-label={`Also here: ${others.map((other) => other.name).join(', ')}`}>
      {others.slice(0, most).map(({ client, name, colour }) => (
        <Tooltip key={client} label={name}><span className={classes.person} style={{ background: colour }}>{initials(name)}</span></Tooltip>
      ))}
      {others.length > most && <span className={classes.person} data-more>+{others.length - most}</span>}
    </div>
  )
}
