/** The thumbnail of a pipeline: its cards in the hues of their shelves. */
import { CARD_WIDTH } from '../../core/graph/graph'
import { useCatalogue } from '../../state/catalogue'
import { hueStyle } from '../../ui/hueStyle'
import classes from './Home.module.css'
import type { Summary } from './summarise'

const HEIGHT = 60
const MARGIN = 60
const LEAST = { width: 900, height: 420 }

function viewBox(nodes: Summary['nodes']): string {
  const left = Math.min(...nodes.map(([x]) => x))
  const top = Math.min(...nodes.map(([, y]) => y))
  const width = Math.max(...nodes.map(([x]) => x)) + CARD_WIDTH - left
  const height = Math.max(...nodes.map(([, y]) => y)) + HEIGHT - top
  const wide = Math.max(width + 2 * MARGIN, LEAST.width)
  const high = Math.max(height + 2 * MARGIN, LEAST.height)
  return `${left - (wide - width) / 2} ${top - (high - height) / 2} ${wide} ${high}`
}

export function Thumbnail({ summary: { nodes, edges } }: { summary: Summary }) {
  const catalogue = useCatalogue()
  if (nodes.length === 0) return <span className={classes.thumbnail}><span className={classes.faint}>Empty</span></span>
  return (
    <span className={classes.thumbnail}>
      <svg viewBox={viewBox(nodes)} aria-hidden>
        {edges.map(([from, to], at) => {
          const source = nodes[from]
          const target = nodes[to]
          if (!source || !target) return null
          const [x1, y1] = [source[0] + CARD_WIDTH / 2, source[1] + HEIGHT]
          const [x2, y2] = [target[0] + CARD_WIDTH / 2, target[1]]
          const bend = Math.max(20, (y2 - y1) / 2)
          return <path key={at} d={`M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`} fill="none" stroke="var(--line-strong)" strokeWidth={7} />
        })}
        {nodes.map(([x, y, shelf], at) => <rect key={at} x={x} y={y} width={CARD_WIDTH} height={HEIGHT} rx={14} className="shelf" fill="var(--shelf)" style={hueStyle(catalogue.hue(shelf))} />)}
      </svg>
    </span>
  )
}
