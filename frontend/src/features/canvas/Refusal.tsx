/** Why a connection is refused: while it hovers over a port, and for a moment after the drop. */
import { useConnection } from '@xyflow/react'
import type { RefObject } from 'react'
import { joinEnd, type Edge } from '../../core/graph/graph'
import { connectable } from '../../state/edit'
import classes from './Canvas.module.css'
import { useWiring } from './wiring'

interface End {
  nodeId: string
  id?: string | null
  type: 'source' | 'target'
}

function reason(from: End, to: End): string | null {
  const ends = [joinEnd(from.nodeId, from.id ?? ''), joinEnd(to.nodeId, to.id ?? '')] as const
  if (from.type === to.type) return from.type === 'source' ? 'Two outputs cannot be connected.' : 'Two inputs cannot be connected.'
  const edge: Edge = from.type === 'source' ? ends : [ends[1], ends[0]]
  const verdict = connectable(edge)
  return verdict.ok ? null : verdict.words
}

/** "words|x|y" while the edge hovers over a refused port; a string, so that it renders only on change. */
function useHovering() {
  const told = useConnection((connection) => {
    if (!connection.inProgress || !connection.toHandle || connection.isValid || !connection.pointer) return ''
    const words = reason(connection.fromHandle, connection.toHandle)
    return words ? `${words}|${Math.round(connection.pointer.x)}|${Math.round(connection.pointer.y)}` : ''
  })
  const [words, x, y] = told.split('|')
  return words ? { words, x: Number(x), y: Number(y) } : null
}

export function Refusal({ frame }: { frame: RefObject<HTMLDivElement | null> }) {
  const hovering = useHovering()
  const last = useWiring((state) => state.refusal)
  const corner = last && frame.current?.getBoundingClientRect()
  const shown = hovering ?? (last && corner ? { words: last.words, x: last.x - corner.left, y: last.y - corner.top } : null)
  return (
    <div aria-live="assertive" className={classes.refusalRegion}>
      {shown && <span className={classes.refusal} style={{ left: shown.x + 14, top: shown.y + 14 }}>{shown.words}</span>}
    </div>
  )
}
