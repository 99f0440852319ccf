/** The catalogue, fetched once. */
import { create } from 'zustand'
import { readCatalogue, type Catalogue } from '../core/catalogue'
import { getModules } from '../server/rest'

interface CatalogueState {
  catalogue: Catalogue
  state: 'unasked' | 'loading' | 'ready' | 'failed'
}

const useStore = create<CatalogueState>(() => ({ catalogue: readCatalogue({ shelves: [], modules: [] }), state: 'unasked' }))

export const useCatalogue = () => useStore((store) => store.catalogue)
export const useCatalogueState = () => useStore((store) => store.state)
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
