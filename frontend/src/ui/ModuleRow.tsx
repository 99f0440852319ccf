/** One module in a list: shared by palette, search box and outline. */
import { ShelfIcon, shelfColour } from './ShelfIcon'
import classes from './ModuleRow.module.css'

interface Props {
  title: string
  summary: string
  shelf: string
  hue: number
  active?: boolean
}

export function ModuleRow({ title, summary, shelf, hue, active = false }: Props) {
  return (
    <span className={classes.row} data-active={active || undefined}>
      <span style={{ color: shelfColour(hue), display: 'flex' }}><ShelfIcon shelf={shelf} /></span>
      <span className={classes.words}>
        <span className={classes.title}>{title}</span>
        <span className={classes.summary}>{summary}</span>
      </span>
    </span>
  )
}
