/** The modules that this person has starred, in this browser. */
import { create } from 'zustand'
import { load, save } from '../../state/storage'

const KEY = 'favourites'

export const useFavourites = create<{ ids: readonly string[] }>(() => ({ ids: load<string[]>(KEY, []) }))

export function toggleFavourite(id: string) {
  const { ids } = useFavourites.getState()
  const next = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]
  useFavourites.setState({ ids: next })
  save(KEY, next)
}
