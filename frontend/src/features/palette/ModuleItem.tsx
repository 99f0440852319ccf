import { ActionIcon } from '@mantine/core'
import { IconStar, IconStarFilled } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import type { Module } from '../../core/catalogue/catalogue'
import { ModuleRow } from '../../ui/ModuleRow'
import { toggleFavourite, useFavourites } from './favourites'
import { Item } from './Item'
import classes from './Palette.module.css'

export function ModuleItem({ module, hue }: { module: Module; hue: number }) {
  const starred = useFavourites(({ ids }) => ids.includes(module.id))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 's') return
    event.preventDefault()
    event.stopPropagation()
    toggleFavourite(module.id)
  }
  return (
    <div className={classes.row} data-module={module.id} data-starred={starred || undefined} onKeyDown={onKeyDown}>
      <Item module={module.id} description={`${module.summary} Press S to ${starred ? 'remove it from' : 'add it to'} favourites.`}>
        <ModuleRow title={module.title} icon={module.icon} hue={hue} />
      </Item>
      <ActionIcon className={classes.star} size={24} tabIndex={-1} aria-pressed={starred} aria-label={starred ? 'Remove from favourites' : 'Add to favourites'} onClick={() => toggleFavourite(module.id)}>
        {starred ? <IconStarFilled size={14} /> : <IconStar size={14} stroke={1.6} />}
      </ActionIcon>
    </div>
  )
}
