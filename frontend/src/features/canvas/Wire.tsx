/** An edge in the colour of its kind; animated while data flows, with its row count on hover. */
import { BaseEdge, EdgeLabelRenderer, getBezierPath, type ConnectionLineComponentProps, type EdgeProps } from '@xyflow/react'
import { memo, useState } from 'react'
import { counted } from '../../core/base/numbers'
import { useRun } from '../../state/run'
import { kindColour } from '../../ui/PortKindIcon'
import { useDistance } from './useDistance'
import type { CardNode, WireEdge } from './useFlowElements'
import classes from './Wire.module.css'
import { useWiring } from './wiring'

/** React Flow ends an edge at the border of the hit area; it should end at the centre of the mark. */
const PORT_REACH = 12

function useRows(node: string, port: string | null | undefined): number | null {
  return useRun((state) => state.run?.steps[node]?.outputs[port ?? '']?.rows ?? null)
}

function NearWire(props: EdgeProps<WireEdge>) {
  const { source, target, sourceHandleId, data, selected } = props
  const [hovered, setHovered] = useState(false)
  const rows = useRows(source, sourceHandleId)
  const flowing = useRun((state) => state.run?.steps[target]?.state === 'running')
  const [path, x, y] = getBezierPath({ ...props, sourceY: props.sourceY - PORT_REACH, targetY: props.targetY + PORT_REACH })
  const over = useWiring((state) => state.over === props.id)
  const strong = selected || hovered || over
  const stroke = data?.kind ? kindColour(data.kind) : 'var(--line-strong)'
  return (
    <g onPointerEnter={() => setHovered(true)} onPointerLeave={() => setHovered(false)}>
      <BaseEdge
        path={path} interactionWidth={18} data-over={over || undefined} className={flowing ? classes.flowing : undefined}
        style={{ stroke: selected || over ? 'var(--accent)' : stroke, strokeWidth: over ? 5 : strong ? 3 : 1.75, strokeOpacity: strong ? 1 : 0.75 }}
      />
      {hovered && rows !== null && (
        <EdgeLabelRenderer>
          <span className={`${classes.rows} figures`} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>{counted(rows, 'row')}</span>
        </EdgeLabelRenderer>
      )}
    </g>
  )
}

function AnyWire(props: EdgeProps<WireEdge>) {
  if (useDistance() === 'near') return <NearWire {...props} />
  const { sourceX, sourceY, targetX, targetY, data, selected } = props
  return <path d={`M${sourceX} ${sourceY}L${targetX} ${targetY}`} fill="none" strokeWidth={4} stroke={selected ? 'var(--accent)' : data?.kind ? kindColour(data.kind) : 'var(--line-strong)'} />
}

export const Wire = memo(AnyWire)

export function DraggedWire({ fromX, fromY, toX, toY, fromPosition, toPosition, connectionStatus }: ConnectionLineComponentProps<CardNode>) {
  const [path] = getBezierPath({ sourceX: fromX, sourceY: fromY, sourcePosition: fromPosition, targetX: toX, targetY: toY, targetPosition: toPosition })
  const stroke = connectionStatus === 'invalid' ? 'var(--state-failed)' : 'var(--accent)'
  return <path d={path} fill="none" stroke={stroke} strokeWidth={2} strokeDasharray={connectionStatus === 'invalid' ? '4 4' : undefined} />
}
