/** The pointers of other users. */
import { ViewportPortal } from '@xyflow/react'
import { usePeople } from '../../state/people'
import classes from './Canvas.module.css'

export function Pointers() {
  const others = usePeople((state) => state.others)
  return (
    <ViewportPortal>
      {others.map(({ client, name, colour, pointer }) => pointer && (
        <span key={client} className={classes.pointer} style={{ transform: `translate(${pointer[0]}px, ${pointer[1]}px)`, color: colour }} aria-hidden>
          <svg width="14" height="18" viewBox="0 0 14 18"><path d="M1 1v13l3.6-3.2L7 16.5l2.4-1-2.3-5.5H12Z" fill="currentColor" stroke="var(--surface)" /></svg>
          <span style={{ background: colour }}>{name}</span>
        </span>
      ))}
    </ViewportPortal>
  )
}
