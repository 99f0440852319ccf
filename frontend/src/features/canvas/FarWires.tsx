/** The edges of a large pipeline when zoomed out, as one drawing: one path per colour. */
import { ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { kindColour } from '../../ui/PortKindIcon'
import classes from './Wire.module.css'
import type { CardNode, WireEdge } from './useFlowElements'

function endOf(card: CardNode | undefined, type: 'source' | 'target', port: string | null | undefined): string | null {
  const handle = card?.handles?.find((one) => one.type === type && one.id === port)
  if (!card || !handle) return null
  return `${card.position.x + handle.x + (handle.width ?? 0) / 2} ${card.position.y + handle.y + (handle.height ?? 0) / 2}`
}

/** One path per colour. */
function pathsOf(nodes: readonly CardNode[], edges: readonly WireEdge[]): Map<string, string> {
  const cards = new Map(nodes.map((node) => [node.id, node]))
  const paths = new Map<string, string>()
  for (const { source, sourceHandle, target, targetHandle, data } of edges) {
    const from = endOf(cards.get(source), 'source', sourceHandle)
    const to = endOf(cards.get(target), 'target', targetHandle)
    const colour = data?.kind ? kindColour(data.kind) : 'var(--line-control)'
    if (from && to) paths.set(colour, `${paths.get(colour) ?? ''}M${from}L${to}`)
  }
  return paths
}

function Drawing({ nodes, edges }: { nodes: readonly CardNode[]; edges: readonly WireEdge[] }) {
  const paths = useMemo(() => pathsOf(nodes, edges), [nodes, edges])
  return (
    <ViewportPortal>
      <svg className={classes.far} aria-hidden data-testid="far-wires">
        {[...paths].map(([colour, lines]) => <path key={colour} d={lines} stroke={colour} />)}
      </svg>
    </ViewportPortal>
  )
}

export const FarWires = memo(Drawing)
