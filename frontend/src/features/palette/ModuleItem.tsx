import { ActionIcon } from '@mantine/core'
import { IconCopy, IconStar, IconStarFilled } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import { missingExtra, missingExtraWords, type Extra, type Module } from '../../core/catalogue/catalogue'
import { offerCommand } from '../../state/extras'
import { openHelp } from '../../state/help'
import { ModuleRow } from '../../ui/ModuleRow'
import { toggleFavourite, useFavourites } from './favourites'
import { Item } from './Item'
import classes from './Palette.module.css'

interface Props {
  module: Module
  hue: number
}

const onKey = (actions: Record<string, () => void>) => (event: KeyboardEvent) => {
  const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key]
  if (!act) return
  event.preventDefault()
  event.stopPropagation()
  act()
}

/** A module whose extra is not installed: it offers the command that brings it. */
function MissingItem({ module, hue, extra }: Props & { extra: Extra }) {
  return (
    <div className={classes.row} data-module={module.id} data-missing onKeyDown={onKey({ h: () => openHelp(module.id) })}>
      <Item module={module.id} missing description={`${module.summary} ${missingExtraWords(extra)} Press Enter to copy the command that installs it, H for its help.`}>
        <ModuleRow title={module.title} icon={module.icon} hue={hue} dimmed />
      </Item>
      <ActionIcon className={classes.star} size={24} tabIndex={-1} aria-label={`Copy “${extra.command}”`} onClick={() => void offerCommand(module)}><IconCopy size={14} stroke={1.6} /></ActionIcon>
    </div>
  )
}

function ReadyItem({ module, hue }: Props) {
  const starred = useFavourites(({ ids }) => ids.includes(module.id))
  const onKeyDown = onKey({ s: () => toggleFavourite(module.id), h: () => openHelp(module.id) })
  return (
    <div className={classes.row} data-module={module.id} data-starred={starred || undefined} onKeyDown={onKeyDown}>
      <Item module={module.id} description={`${module.summary} Press S to ${starred ? 'remove it from' : 'add it to'} favourites, H for its help.`}>
        <ModuleRow title={module.title} icon={module.icon} hue={hue} />
      </Item>
      <ActionIcon className={classes.star} size={24} tabIndex={-1} aria-pressed={starred} aria-label={starred ? 'Remove from favourites' : 'Add to favourites'} onClick={() => toggleFavourite(module.id)}>
        {starred ? <IconStarFilled size={14} /> : <IconStar size={14} stroke={1.6} />}
      </ActionIcon>
    </div>
  )
}

export function ModuleItem(props: Props) {
  const extra = missingExtra(props.module)
  return extra ? <MissingItem {...props} extra={extra} /> : <ReadyItem {...props} />
}
