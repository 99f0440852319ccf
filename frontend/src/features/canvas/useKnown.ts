import { useStoreApi } from '@xyflow/react'
import { useState } from 'react'
import type { CardNode, WireEdge } from './useFlowElements'

/**
 * React Flow measures a card and its ports whenever it comes into view, and drops the wires of ports that it does not find. Here both
 * are known beforehand (`cardHandles`), and a simplified card has no elements for its ports: nothing is measured. It also takes cards and
 * wires in only after a first drawing without them: they are given to it before that.
 */
export function useKnown({ nodes, edges }: { nodes: CardNode[]; edges: WireEdge[] }) {
  const store = useStoreApi()
  useState(() => {
    store.setState({ updateNodeInternals: () => undefined })
    store.getState().setNodes(nodes)
    store.getState().setEdges(edges)
  })
}
