/** How far out the eye is: what cannot be read or hit is then drawn plainly, and thousands of cards stay smooth. */
import { useStore } from '@xyflow/react'
import { createContext, use, type ReactNode } from 'react'

export type Distance = 'near' | 'far' | 'farthest'

const FAR = 0.32
const FARTHEST = 0.16

const distance = ({ transform: [, , zoom] }: { transform: [number, number, number] }): Distance => (zoom >= FAR ? 'near' : zoom >= FARTHEST ? 'far' : 'farthest')

const Context = createContext<Distance>('near')

/** Watches the zoom once for all cards and wires: thousands of watchers would each look at every move of the view. */
export function DistanceProvider({ children }: { children: ReactNode }) {
  return <Context value={useStore(distance)}>{children}</Context>
}

export const useDistance = () => use(Context)
