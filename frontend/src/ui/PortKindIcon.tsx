/** The shape and colour of a port kind, the same everywhere. */
import type { CSSProperties, ReactNode } from 'react'

type Kind = 'table' | 'untrained_model' | 'model' | 'transform' | 'report' | 'images' | 'file'

const shapes: Record<Kind, ReactNode> = {
  table: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  model: <path d="M6 0.5 11.5 6 6 11.5 0.5 6Z" fill="currentColor" />,
  untrained_model: <path d="M6 1.4 10.6 6 6 10.6 1.4 6Z" fill="var(--surface)" stroke="currentColor" strokeWidth="1.8" />,
  transform: <rect x="1.25" y="1.25" width="9.5" height="9.5" rx="1.5" fill="currentColor" />,
  report: <path d="M1.5 11V5h2.6v6Zm3.2 0V1h2.6v10Zm3.2 0V7h2.6v4Z" fill="currentColor" />,
  images: <path d="M6 0.8 11.6 11H0.4Z" fill="currentColor" />,
  file: <path d="M2 0.8h5.2L10 3.6v7.6H2Z" fill="currentColor" />,
}

export const kindColour = (kind: Kind) => `var(--kind-${kind})`

export function PortKindIcon({ kind, size = 12 }: { kind: Kind; size?: number }) {
  const style: CSSProperties = { color: kindColour(kind), flex: 'none', display: 'block' }
  return <svg viewBox="0 0 12 12" width={size} height={size} style={style} aria-hidden>{shapes[kind]}</svg>
}
