/** A person as initials on their colour; the name stands beside it, or is its label. */
import { Tooltip } from '@mantine/core'
import type { CSSProperties } from 'react'
import { initialsOf } from '../core/team/people'
import classes from './Avatar.module.css'

interface Props {
  name: string
  /** A CSS colour under white text; grey for somebody who is no member. */
  colour?: string
  size?: 18 | 20 | 24 | 28
  /** The name is not written beside it: it is shown on hover. */
  labelled?: boolean
}

/** The initials are drawn by the style sheet: they are a picture of the name, not another text. */
export function Avatar({ name, colour, size = 24, labelled = false }: Props) {
  const style = colour ? ({ '--person': colour } as CSSProperties) : undefined
  const spoken = labelled ? { role: 'img', 'aria-label': name } : { 'aria-hidden': true }
  const drawn = <span className={classes.avatar} data-initials={initialsOf(name)} data-size={size} data-known={colour ? '' : undefined} style={style} {...spoken} />
  return labelled ? <Tooltip label={name}>{drawn}</Tooltip> : drawn
}
