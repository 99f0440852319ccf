/** A person as initials on their colour; the name stands beside it, or is its label. */
import { Tooltip } from '@mantine/core'
import type { CSSProperties } from 'react'
import classes from './Avatar.module.css'

const initials = (name: string) => name.split(/[\s@.]+/).filter(Boolean).slice(0, 2).map((word) => word[0]?.toUpperCase()).join('')

interface Props {
  name: string
  /** One of the people's colours; grey for somebody who is no member. */
  colour?: string
  size?: 18 | 24
  /** The name is not written beside it: it is shown on hover. */
  labelled?: boolean
}

export function Avatar({ name, colour, size = 24, labelled = false }: Props) {
  const style = colour ? ({ '--person': colour } as CSSProperties) : undefined
  const drawn = <span className={classes.avatar} data-size={size} data-known={colour ? '' : undefined} style={style} {...(labelled ? { role: 'img', 'aria-label': name } : { 'aria-hidden': true })}>{initials(name)}</span>
  return labelled ? <Tooltip label={name}>{drawn}</Tooltip> : drawn
}
