/** The shape and colour of a port kind, the same everywhere. */
import type { CSSProperties } from 'react'
import type { PortKind } from '../core/catalogue/catalogue'

export const kindColour = ({ colours }: PortKind) => `light-dark(${colours.light}, ${colours.dark})`

export function PortKindIcon({ kind, size = 12 }: { kind: PortKind; size?: number }) {
  const style: CSSProperties = { color: kindColour(kind), flex: 'none', display: 'block' }
  return (
    <svg viewBox="0 0 12 12" width={size} height={size} style={style} aria-hidden>
      {kind.hollow ? <path d={kind.icon} fill="var(--surface)" stroke="currentColor" strokeWidth="1.8" /> : <path d={kind.icon} fill="currentColor" />}
    </svg>
  )
}
