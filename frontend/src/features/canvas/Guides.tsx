/** While a card is dragged: what it is in line with, and its distance from the card above. */
import { ViewportPortal } from '@xyflow/react'
import type { Guide } from '../../core/graph/guides'
import classes from './Canvas.module.css'
import { useWiring } from './wiring'

const key = ({ x1, y1, x2, y2 }: Guide) => `${x1} ${y1} ${x2} ${y2}`

export function Guides() {
  const guides = useWiring((state) => state.guides)
  if (!guides) return null
  const { aligned, gap } = guides
  return (
    <ViewportPortal>
      <svg className={classes.guides} aria-hidden data-testid="guides">
        {aligned.map((line) => <line key={key(line)} {...line} strokeDasharray="4 3" />)}
        {gap && <line {...gap} />}
        {gap && <text x={gap.x1 - 6} y={(gap.y1 + gap.y2) / 2}>{Math.round(gap.y2 - gap.y1)}</text>}
      </svg>
    </ViewportPortal>
  )
}
