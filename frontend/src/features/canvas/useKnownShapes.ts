import { useStoreApi } from '@xyflow/react'
import { useState } from 'react'

/**
 * React Flow measures a card and its ports whenever it comes into view, and drops the wires of ports that it does not find. Here both
 * are known beforehand (`cardHandles`), and a simplified card has no elements for its ports: nothing is measured.
 */
export function useKnownShapes() {
  const store = useStoreApi()
  useState(() => store.setState({ updateNodeInternals: () => undefined }))
}
