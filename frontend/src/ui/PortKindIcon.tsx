/** The shape and colour of a port kind, the same everywhere. */
import type { CSSProperties } from 'react'
import type { PortKind } from '../core/catalogue/catalogue'

export const kindColour = ({ colours }: PortKind) => `light-dark(${colours.light}, ${colours.dark})`

const HOLLOW = 1.8
const OUTLINE = 2

interface Props {
  kind: PortKind
  size?: number
  /** Set off from what lies behind, by an outline of the surface. */
  outlined?: boolean
}

export function PortKindIcon({ kind, size = 12, outlined = false }: Props) {
  const style: CSSProperties = { color: kindColour(kind), flex: 'none', display: 'block', overflow: 'visible' }
  const rim = 2 * OUTLINE + (kind.hollow ? HOLLOW : 0)
  return (
    <svg viewBox="0 0 12 12" width={size} height={size} style={style} aria-hidden>
      {outlined && <path d={kind.icon} fill="var(--surface)" stroke="var(--surface)" strokeWidth={rim} strokeLinejoin="round" />}
      {kind.hollow ? <path d={kind.icon} fill="var(--surface)" stroke="currentColor" strokeWidth={HOLLOW} /> : <path d={kind.icon} fill="currentColor" />}
    </svg>
  )
}
