/** The pointers of other users. */
import { ViewportPortal, useStore } from '@xyflow/react'
import { useDrawn } from '../../state/drawn'
import { usePeople } from '../../state/people'
import classes from './Canvas.module.css'

/** Of the same size however far one zooms. */
const scale = ({ transform }: { transform: [number, number, number] }) => 1 / transform[2]

function Drawn() {
  const others = usePeople((state) => state.others)
  const size = useStore(scale)
  return others.map(({ client, name, colour, pointer }) => pointer && (
    <span key={client} className={classes.pointer} style={{ transform: `translate(${pointer[0]}px, ${pointer[1]}px) scale(${size})` }} aria-hidden>
      <svg width="18" height="20" viewBox="0 0 18 20"><path d="M1.5 1.5v15l4.3-3.7h8.4z" fill={colour} stroke="var(--surface)" strokeWidth="1.5" strokeLinejoin="round" /></svg>
      <span style={{ background: colour }}>{name}</span>
    </span>
  ))
}

export function Pointers() {
  const alone = usePeople((state) => state.others.length === 0)
  // A pointer is a place in the pipeline, not in a sub-pipeline.
  const inside = useDrawn((state) => state.level !== null)
  return alone || inside ? null : <ViewportPortal><Drawn /></ViewportPortal>
}
