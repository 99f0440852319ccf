/** How far out the eye is: what cannot be read or hit is then drawn plainly, and a thousand cards stay smooth. */
import { useStore } from '@xyflow/react'

export type Distance = 'near' | 'far' | 'farthest'

const FAR = 0.32
const FARTHEST = 0.16

const distance = ({ transform: [, , zoom] }: { transform: [number, number, number] }): Distance => (zoom >= FAR ? 'near' : zoom >= FARTHEST ? 'far' : 'farthest')

export const useDistance = () => useStore(distance)
