/** Registers what features contribute to the canvas: every `contributions.ts` is found by its place. A page with a canvas imports this file. */
import { register, type Contributions } from '../state/contributions'

register(Object.values(import.meta.glob<Contributions>('../features/*/contributions.{ts,tsx}', { eager: true, import: 'contributions' })))
