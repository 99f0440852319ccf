/** The zoom level in steps: illegible parts are drawn in less detail, so that thousands of cards stay smooth. */
import { useStore } from '@xyflow/react'
import { createContext, use, type ReactNode } from 'react'

export type Distance = 'near' | 'far' | 'farthest'

const FAR = 0.5
const FARTHEST = 0.25

const distance = ({ transform: [, , zoom] }: { transform: [number, number, number] }): Distance => (zoom >= FAR ? 'near' : zoom >= FARTHEST ? 'far' : 'farthest')

const Context = createContext<Distance>('near')

/** Subscribes to the zoom once for all cards and edges: thousands of subscriptions would each run at every move of the view. */
export function DistanceProvider({ children }: { children: ReactNode }) {
  return <Context value={useStore(distance)}>{children}</Context>
}

export const useDistance = () => use(Context)
