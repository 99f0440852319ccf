/** The catalogue, fetched once. */
import { useCallback } from 'react'
import { create } from 'zustand'
import { readCatalogue, type Catalogue } from '../core/catalogue/catalogue'
import { nodeTitle } from '../core/graph/connect'
import type { Titles } from '../core/runs/runs'
import { getModules } from '../server/rest'

interface CatalogueState {
  catalogue: Catalogue
  state: 'unasked' | 'loading' | 'ready' | 'failed'
}

const useStore = create<CatalogueState>(() => ({ catalogue: readCatalogue({ kinds: [], shelves: [], modules: [] }), state: 'unasked' }))

export const useCatalogue = () => useStore((store) => store.catalogue)
export const useCatalogueState = () => useStore((store) => store.state)
/** The display name of a run's node, whose graph may be older than the draft. */
export function useTitles(): Titles {
  const catalogue = useCatalogue()
  return useCallback((run, node) => nodeTitle(run.graph, catalogue, node), [catalogue])
}
export const currentCatalogue = () => useStore.getState().catalogue

export async function loadCatalogue(): Promise<void> {
  const { state } = useStore.getState()
  if (state === 'loading' || state === 'ready') return
  useStore.setState({ state: 'loading' })
  try {
    useStore.setState({ catalogue: readCatalogue(await getModules()), state: 'ready' })
  } catch {
    useStore.setState({ state: 'failed' })
  }
}
