/** An edge: a curve in the colour of its kind, lit where one looks, with dots while its data flows. */
import { BaseEdge, EdgeLabelRenderer, Position, type ConnectionLineComponentProps, type EdgeProps } from '@xyflow/react'
import { memo, useState } from 'react'
import { counted } from '../../core/base/numbers'
import { nodeTitle } from '../../core/graph/connect'
import { CARD_WIDTH, type End, type Point } from '../../core/graph/graph'
import { wirePath } from '../../core/graph/wirePath'
import { currentCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { currentDrawing } from '../../state/drawn'
import { useRun } from '../../state/run'
import { useSelection } from '../../state/selection'
import { kindColour } from '../../ui/PortKindIcon'
import { openInsert } from './openInsert'
import { useDetail } from './useDistance'
import type { CardNode, WireEdge } from './useFlowElements'
import classes from './Wire.module.css'
import { useWiring } from './wiring'

/** React Flow ends an edge at the border of the hit area; it should end at the centre of the mark. */
const PORT_REACH = 12

const useRows = (from: End | undefined): number | null => useRun((state) => state.run?.steps[from?.node ?? '']?.outputs[from?.port ?? '']?.rows ?? null)

/** Whether its data flows, or has yet to. */
function useGoing(target: string): 'flows' | 'waits' | '' {
  return useRun(({ run, asked }) => {
    const state = asked.has(target) ? 'waiting' : run?.steps[target]?.state
    return state === 'running' ? 'flows' : state === 'waiting' || state === 'ready' ? 'waits' : ''
  })
}

const MOST_MOVING = 24
let moving = 0

/** Counts the wires in view that move; the others are drawn lit. */
function claim(dots: SVGPathElement | null) {
  if (!dots || moving >= MOST_MOVING) return undefined
  moving += 1
  dots.dataset.moves = ''
  return () => {
    moving -= 1
  }
}

/** In the middle of a hovered wire: a module is added in between. */
function Plus({ id, at: [x, y] }: { id: string; at: Point }) {
  return (
    <g className={`${classes.plus} nopan`} role="button" aria-label="Insert a module" onClick={(event) => openInsert(id, [event.clientX, event.clientY])}>
      <circle cx={x} cy={y} r={12} className={classes.reach} />
      <circle cx={x} cy={y} r={9} className={classes.disc} />
      <path d={`M${x - 4} ${y}h8M${x} ${y - 4}v8`} />
    </g>
  )
}

function Label({ at: [x, y], dx, dy, words, strong }: { at: Point; dx: number; dy: number; words: string; strong?: boolean }) {
  return (
    <EdgeLabelRenderer>
      <span className={classes.label} data-strong={strong || undefined} style={{ transform: `translate(${x + dx}px, ${y + dy}px)` }}>{words}</span>
    </EdgeLabelRenderer>
  )
}

function betweenWords(source: string, target: string): string {
  const [graph, catalogue] = [currentDrawing(), currentCatalogue()]
  return `Drop to insert between ${nodeTitle(graph, catalogue, source)} and ${nodeTitle(graph, catalogue, target)}`
}

const colourOf = (data: WireEdge['data']) => (data?.kind ? kindColour(data.kind) : 'var(--line-control)')

const pathOf = ({ sourceX, sourceY, targetX, targetY }: EdgeProps<WireEdge>) => wirePath([sourceX, sourceY - PORT_REACH], [targetX, targetY + PORT_REACH])

function NearWire(props: EdgeProps<WireEdge>) {
  const { id, source, target, data, selected } = props
  const [hovered, setHovered] = useState(false)
  const rows = useRows(data?.from)
  const going = useGoing(data?.to.node ?? target)
  const beside = useSelection((state) => state.nodes.has(source) || state.nodes.has(target))
  const editable = useDocument((state) => !state.readOnly)
  const over = useWiring((state) => state.over === id)
  const { path, middle } = pathOf(props)
  const lit = selected || hovered || over || beside || going === 'flows'
  const stroke = selected || over ? 'var(--accent)' : colourOf(data)
  return (
    <g onPointerEnter={() => setHovered(true)} onPointerLeave={() => setHovered(false)}>
      <BaseEdge
        path={path} interactionWidth={24} className={classes.wire} style={{ stroke }}
        data-over={over || undefined} data-lit={lit || undefined} data-waits={going === 'waits' || undefined}
      />
      {going === 'flows' && <path ref={claim} d={path} className={classes.dots} style={{ stroke }} />}
      {hovered && editable && <Plus id={id} at={middle} />}
      {hovered && rows !== null && <Label at={middle} dx={18} dy={-9} words={counted(rows, 'row')} />}
      {over && <Label at={middle} dx={CARD_WIDTH / 4} dy={44} words={betweenWords(source, target)} strong />}
    </g>
  )
}

function AnyWire(props: EdgeProps<WireEdge>) {
  const { distance, whole } = useDetail()
  const { sourceX, sourceY, targetX, targetY, data, selected } = props
  const stroke = selected ? 'var(--accent)' : colourOf(data)
  if (distance === 'farthest') return <path d={`M${sourceX} ${sourceY}L${targetX} ${targetY}`} fill="none" strokeWidth={4} stroke={stroke} />
  if (!whole) return <BaseEdge path={pathOf(props).path} interactionWidth={0} className={classes.wire} style={{ stroke }} />
  return <NearWire {...props} />
}

export const Wire = memo(AnyWire)

export function DraggedWire({ fromX, fromY, toX, toY, fromPosition, connectionStatus }: ConnectionLineComponentProps<CardNode>) {
  const ends: [Point, Point] = fromPosition === Position.Top ? [[toX, toY], [fromX, fromY]] : [[fromX, fromY], [toX, toY]]
  const refused = connectionStatus === 'invalid'
  return <path d={wirePath(...ends).path} fill="none" stroke={refused ? 'var(--state-failed)' : 'var(--accent)'} strokeWidth={2.5} strokeDasharray={refused ? '4 4' : undefined} />
}
