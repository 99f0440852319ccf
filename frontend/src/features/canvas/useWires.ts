/** Creating, moving and dropping edges. */
import { useReactFlow, type Connection, type FinalConnectionState, type HandleType, type OnConnectEnd, type OnConnectStart } from '@xyflow/react'
import { useCallback, useRef } from 'react'
import { compatibleEnds, preferredPort, portOf, type Side } from '../../core/graph/connect'
import { edgeKey, joinEnd, splitEnd, type Edge } from '../../core/graph/graph'
import { currentCatalogue } from '../../state/catalogue'
import { currentDrawing, withFolded } from '../../state/drawn'
import { connect, connectable, disconnect, type LooseEnd } from '../../state/edit'
import { openSearch } from '../../state/view'
import type { WireEdge } from './useFlowElements'
import { refuse, useWiring } from './wiring'

type Drawn = Pick<Connection, 'source' | 'target'> & { sourceHandle?: string | null; targetHandle?: string | null }

const edgeOf = (drawn: Drawn): Edge => [joinEnd(drawn.source, drawn.sourceHandle ?? ''), joinEnd(drawn.target, drawn.targetHandle ?? '')]

const sideOf = (type: HandleType): Side => (type === 'source' ? 'output' : 'input')

function pointOf(event: MouseEvent | TouchEvent) {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : undefined
  return touch ? { x: touch.clientX, y: touch.clientY } : { x: (event as MouseEvent).clientX, y: (event as MouseEvent).clientY }
}

function looseEnd(state: FinalConnectionState): LooseEnd | null {
  const handle = state.fromHandle
  if (!handle?.id) return null
  const end = joinEnd(handle.nodeId, handle.id)
  const side = sideOf(handle.type)
  const port = side === 'output' ? portOf(currentDrawing(), withFolded(currentCatalogue()), end, 'output') : portOf(currentDrawing(), withFolded(currentCatalogue()), end, 'input')
  return port ? { end, side, kind: port.kind } : null
}

const joined = (loose: LooseEnd, other: string): Edge => (loose.side === 'output' ? [loose.end, other] : [other, loose.end])

/** An edge dropped on a card, not on a port, connects to the port that fits. */
function landOnCard(loose: LooseEnd, node: string): string | null {
  const module = withFolded(currentCatalogue()).module(currentDrawing().nodes[node]?.module ?? '')
  const fitting = module && (loose.side === 'output' ? module.inputs : module.outputs).filter((port) => port.kind === loose.kind)
  const free = fitting?.find((port) => !currentDrawing().edges.some((edge) => edge.includes(joinEnd(node, port.name))))
  const port = free?.name ?? (module && preferredPort(module, loose.kind, loose.side))
  return port ? connect(joined(loose, joinEnd(node, port))) : 'This module has no matching port.'
}

/** An input and an output may share a name: the side is compared first. */
function sameSide({ fromHandle, toHandle }: FinalConnectionState): string | null {
  if (!fromHandle || !toHandle || fromHandle.type !== toHandle.type) return null
  return fromHandle.type === 'source' ? 'Two outputs cannot be connected.' : 'Two inputs cannot be connected.'
}

export function useWires() {
  const { screenToFlowPosition } = useReactFlow()
  const lifted = useRef<Edge | null>(null)

  const onConnectStart: OnConnectStart = useCallback((_, { nodeId, handleId, handleType }) => {
    if (!nodeId || !handleId || !handleType) return
    const end = joinEnd(nodeId, handleId)
    const side = sideOf(handleType)
    const ends = compatibleEnds(currentDrawing(), withFolded(currentCatalogue()), end, side)
    useWiring.setState({ fits: { ends, side: side === 'output' ? 'input' : 'output' }, refusal: null })
  }, [])

  const isValidConnection = useCallback(
    (drawn: Drawn) => connectable(edgeOf(drawn), lifted.current ?? undefined).ok, [],
  )

  const onConnect = useCallback((drawn: Connection) => void connect(edgeOf(drawn)), [])

  const onConnectEnd: OnConnectEnd = useCallback((event, state) => {
    useWiring.setState({ fits: null })
    const loose = looseEnd(state)
    if (lifted.current || state.isValid || !loose) return
    const { x, y } = pointOf(event)
    if (state.toHandle?.id) {
      const words = sameSide(state) ?? connect(joined(loose, joinEnd(state.toHandle.nodeId, state.toHandle.id)))
      if (words) refuse(words, x, y)
      return
    }
    const under = document.elementFromPoint(x, y)
    const card = under?.closest('.react-flow__node')?.getAttribute('data-id')
    if (card) {
      const words = card === splitEnd(loose.end).node ? null : landOnCard(loose, card)
      if (words) refuse(words, x, y)
    } else if (under?.closest('.react-flow')) {
      const place = screenToFlowPosition({ x, y })
      openSearch({ at: [x, y], place: [place.x, place.y], joined: loose })
    }
  }, [screenToFlowPosition])

  const onReconnectStart = useCallback((_: unknown, edge: WireEdge) => {
    lifted.current = edgeOf(edge)
  }, [])

  const onReconnect = useCallback((old: WireEdge, drawn: Connection) => {
    if (edgeKey(edgeOf(drawn)) !== edgeKey(edgeOf(old))) connect(edgeOf(drawn), edgeOf(old))
  }, [])

  const onReconnectEnd = useCallback((event: MouseEvent | TouchEvent, edge: WireEdge, _: HandleType, state: FinalConnectionState) => {
    const held = lifted.current
    lifted.current = null
    if (state.isValid || !held) return
    const loose = looseEnd(state)
    const { x, y } = pointOf(event)
    if (state.toHandle?.id && loose) {
      const verdict = connectable(joined(loose, joinEnd(state.toHandle.nodeId, state.toHandle.id)), held)
      const words = sameSide(state) ?? (verdict.ok ? null : verdict.words)
      if (words) refuse(words, x, y)
    } else if (!state.toHandle) {
      disconnect([edge.id])
      refuse('Connection deleted. Undo to restore it.', x, y)
    }
  }, [])

  return { onConnectStart, isValidConnection, onConnect, onConnectEnd, onReconnectStart, onReconnect, onReconnectEnd }
}
