/** The thumbnail of a pipeline: its cards with their titles, its wires in the colours of what they carry, and the steps that failed or run. */
import { memo } from 'react'
import { CHIP_HEIGHT, layOut } from '../../core/pipelines/thumbnail'
import { useCatalogue } from '../../state/catalogue'
import { hueStyle } from '../../ui/hueStyle'
import { kindColour } from '../../ui/PortKindIcon'
import type { Summary } from './summarise'
import classes from './Thumbnail.module.css'

const LEAST = { width: 300, height: 150 }
const MARGIN = 12
const TITLE_LENGTH = 24
/** Geist at the size of the titles, a letter on average. */
const LETTER = 4.15
const TILE = 7
const INSET = 5
/** Of a chip whose title would be too small. */
const BARE_WIDTH = 56

interface Props {
  summary: Summary
  /** The nodes whose step failed or runs, by their index. */
  failed?: readonly number[]
  running?: readonly number[]
}

const shortened = (title: string) => (title.length > TITLE_LENGTH ? `${title.slice(0, TITLE_LENGTH - 1).trimEnd()}…` : title)
const widthOf = (title: string) => Math.max(34, title.length * LETTER + TILE + 3 * INSET)

function useDrawing({ nodes, edges }: Summary) {
  const catalogue = useCatalogue()
  const known = nodes.map(([x, y, id, title]) => {
    const module = catalogue.module(id)
    return { x, y, module, hue: catalogue.hue(module?.shelf ?? id.split('.')[0] ?? ''), title: shortened(title || module?.title || '') }
  })
  const titled = layOut(known.map(({ x, y, title }) => ({ x, y, width: widthOf(title) })))
  const layout = titled.readable ? titled : layOut(known.map(({ x, y }) => ({ x, y, width: BARE_WIDTH })))
  const chips = known.map(({ title, hue }, at) => ({
    ...(layout.chips[at] ?? { x: 0, y: 0 }), hue, title: titled.readable ? title : null, width: titled.readable ? widthOf(title) : BARE_WIDTH,
  }))
  const wires = edges.flatMap(([from, to, port]) => {
    const [source, target] = [chips[from], chips[to]]
    const kind = known[from]?.module?.outputs.find(({ name }) => name === port)?.kind
    return source && target ? [{ source, target, colour: kind ? kindColour(catalogue.kind(kind)) : 'var(--line-strong)' }] : []
  })
  return { layout, chips, wires }
}

export const Thumbnail = memo(function Thumbnail({ summary, failed = [], running = [] }: Props) {
  const { layout, chips, wires } = useDrawing(summary)
  if (chips.length === 0) return <span className={classes.thumbnail}><span className={classes.empty}>Empty</span></span>
  const width = Math.max(layout.width + 2 * MARGIN, LEAST.width)
  const height = Math.max(layout.height + 2 * MARGIN, LEAST.height)
  const states = new Map([...running.map((at) => [at, 'running'] as const), ...failed.map((at) => [at, 'failed'] as const)])
  return (
    <span className={classes.thumbnail}>
      <svg viewBox={`${layout.left - (width - layout.width) / 2} ${-(height - layout.height) / 2} ${width} ${height}`} aria-hidden>
        {wires.map(({ source, target, colour }, at) => {
          const [top, bottom] = [source.y + CHIP_HEIGHT, target.y]
          const bend = Math.max(4, Math.abs(bottom - top) / 2)
          return <path key={at} className={classes.wire} d={`M${source.x} ${top}C${source.x} ${top + bend} ${target.x} ${bottom - bend} ${target.x} ${bottom}`} stroke={colour} />
        })}
        {chips.map(({ x, y, width, hue, title }, at) => (
          <g key={at} className={`shelf ${classes.chip}`} style={hueStyle(hue)} data-bare={title === null || undefined} data-state={states.get(at)} transform={`translate(${x - width / 2} ${y})`}>
            <rect width={width} height={CHIP_HEIGHT} rx={4} />
            {title !== null && <rect className={classes.tile} x={INSET} y={(CHIP_HEIGHT - TILE) / 2} width={TILE} height={TILE} rx={2} />}
            {title && <text x={TILE + 2 * INSET - 1} y={11}>{title}</text>}
          </g>
        ))}
      </svg>
    </span>
  )
})
