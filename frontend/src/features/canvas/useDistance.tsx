/** The zoom level in steps, and how much each card and wire draws of itself. */
import { useStoreApi, type Viewport } from '@xyflow/react'
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { Details, distanceAt, type Detail } from './detail'

const Context = createContext(new Details('near'))

/** Watches the zoom once for all cards and wires: thousands of subscriptions would each run at every move of the view. `view` is the first one. */
export function DistanceProvider({ view, children }: { view: Viewport; children: ReactNode }) {
  const store = useStoreApi()
  const [details] = useState(() => {
    store.setState({ transform: [view.x, view.y, view.zoom] })
    return new Details(distanceAt(view.zoom))
  })
  useEffect(() => store.subscribe(({ transform }, { transform: before }) => {
    if (transform !== before) details.moved(distanceAt(transform[2]))
  }), [store, details])
  return <Context value={details}>{children}</Context>
}

/** Of the canvas as a whole. */
export function useDistance() {
  const details = use(Context)
  return useSyncExternalStore(details.watch, details.distance)
}

/** Of one card or wire. */
export function useDetail(): Detail {
  const details = use(Context)
  const [detail, setDetail] = useState(details.first)
  useEffect(() => details.join(setDetail, detail), [details, detail])
  return detail
}
