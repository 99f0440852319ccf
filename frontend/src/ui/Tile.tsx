/** The icon of a module on a tile in the hue of its shelf. */
import { createElement } from 'react'
import { moduleIcon } from './moduleIcons'
import { hueStyle } from './hueStyle'
import classes from './Tile.module.css'

const GLYPH = { 20: 14, 28: 18, 36: 22 }

interface Props {
  /** The name of its icon, as the module declares it. */
  icon: string | undefined
  /** The hue of its shelf, in degrees. */
  hue: number
  size?: keyof typeof GLYPH
}

export function Tile({ icon, hue, size = 20 }: Props) {
  return <span className={`shelf ${classes.tile}`} data-size={size} style={hueStyle(hue)} aria-hidden>{createElement(moduleIcon(icon), { size: GLYPH[size], stroke: 1.6 })}</span>
}
