/** The targets of an empty canvas: one that acts, or one that offers a list. */
import { Menu, type MenuProps } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { Fragment, type ComponentPropsWithRef, type ReactNode } from 'react'
import classes from './EmptyCanvas.module.css'

interface TargetProps extends ComponentPropsWithRef<'button'> {
  Drawn: Icon
  picture: ReactNode
  title: string
  /** How many there are to choose from, or what else one can do. */
  more: string
  'data-first'?: true
  children: ReactNode
}

export function Target({ Drawn, picture, title, more, children, ...rest }: TargetProps) {
  return (
    <button type="button" {...rest} className={classes.target}>
      <span className={classes.picture}>{picture}</span>
      <span className={classes.name}><Drawn size={18} stroke={1.6} aria-hidden />{title}</span>
      <span className={classes.does}>{children}</span>
      <span className={classes.more}>{more}</span>
    </button>
  )
}

export interface Offer {
  id: string
  /** The heading above it and those after it. */
  group?: string
  title: string
  words: string
  take(): void
}

/** As high as the window has room for: the end of the list can be reached. */
const TALLEST = 360
const WITHIN_WINDOW: MenuProps['middlewares'] = {
  flip: true,
  shift: true,
  size: {
    padding: 8,
    apply: ({ availableHeight, elements }) => {
      elements.floating.style.maxHeight = `${Math.min(TALLEST, availableHeight)}px`
    },
  },
}

export function Offers({ offers, ...target }: TargetProps & { offers: Offer[] }) {
  return (
    <Menu position="bottom" width={288} middlewares={WITHIN_WINDOW} returnFocus>
      <Menu.Target><Target {...target} /></Menu.Target>
      <Menu.Dropdown style={{ overflowY: 'auto' }}>
        {offers.map(({ id, group, title, words, take }, at) => (
          <Fragment key={id}>
            {group && group !== offers[at - 1]?.group && <Menu.Label>{group}</Menu.Label>}
            <Menu.Item fz={13} onClick={take}>{title}<br /><small>{words}</small></Menu.Item>
          </Fragment>
        ))}
        {offers.length === 0 && <Menu.Label>Loading</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  )
}
