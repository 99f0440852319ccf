/** Shows a setting on the card of the sub-pipeline that was entered. */
import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconPin, IconPinFilled } from '@tabler/icons-react'
import type { Param } from '../../core/catalogue/catalogue'
import { promotedAs } from '../../core/graph/promoted'
import { useDocument } from '../../state/document'
import { useDrawn } from '../../state/drawn'
import { togglePromoted } from '../../state/groups'
import classes from './Inspector.module.css'

export function Promote({ node, param }: { node: string; param: Param }) {
  const level = useDrawn((state) => state.level)
  const group = useDocument((state) => (level === null ? undefined : state.groups[level]))
  if (level === null || !group) return null
  const place = { node, param: param.name }
  const on = promotedAs(group, place) !== undefined
  const words = on ? `Take off the card of “${group.title}”` : `Show on the card of “${group.title}”`
  const Icon = on ? IconPinFilled : IconPin
  return (
    <Tooltip label={words} position="left">
      <UnstyledButton className={classes.promote} aria-pressed={on} aria-label={`${words}: ${param.title}`} onClick={() => togglePromoted(level, place)}><Icon size={14} stroke={1.6} /></UnstyledButton>
    </Tooltip>
  )
}
