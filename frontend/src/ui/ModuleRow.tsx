/** One module in a list: of one line, or with a second line below its name. */
import { Tile } from './Tile'
import classes from './ModuleRow.module.css'

interface Props {
  title: string
  summary?: string
  icon: string | undefined
  hue: number
  active?: boolean
  dimmed?: boolean
}

export function ModuleRow({ title, summary, icon, hue, active = false, dimmed = false }: Props) {
  return (
    <span className={classes.row} data-active={active || undefined} data-dimmed={dimmed || undefined}>
      <Tile icon={icon} hue={hue} />
      <span className={classes.words}>
        <span className={classes.title}>{title}</span>
        {summary && <span className={classes.summary}>{summary}</span>}
      </span>
    </span>
  )
}
