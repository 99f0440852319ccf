import type { CSSProperties } from 'react'
import { usePeople } from '../../state/people'
import classes from './Card.module.css'

/** The outline and name of another user who has this card, or a module in it, selected. */
export function Ring({ id, members }: { id: string; members?: readonly string[] }) {
  const person = usePeople((state) => state.others.find(({ chosen }) => chosen.includes(id) || members?.some((node) => chosen.includes(node))))
  if (!person) return null
  return <span className={classes.ring} style={{ '--person': person.colour } as CSSProperties}><span>{person.name}</span></span>
}
