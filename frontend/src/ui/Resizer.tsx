/** The edge of a panel: resizes it by dragging or with the arrow keys. */
import type { KeyboardEvent, PointerEvent } from 'react'
import classes from './Resizer.module.css'

interface Props {
  /** The side of the panel that the edge is on. */
  side: 'left' | 'right' | 'top'
  size: number
  label: string
  onSize(size: number): void
}

const KEY_STEP = 16

export function Resizer({ side, size, label, onSize }: Props) {
  const upright = side !== 'top'
  const grows = side === 'right' ? 1 : -1
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const start = upright ? event.clientX : event.clientY
    const edge = event.currentTarget
    edge.setPointerCapture(event.pointerId)
    edge.onpointermove = (move) => onSize(size + grows * ((upright ? move.clientX : move.clientY) - start))
    edge.onpointerup = () => {
      edge.onpointermove = null
      edge.onpointerup = null
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const keys = upright ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    const step = event.key === keys[0] ? -1 : event.key === keys[1] ? 1 : 0
    if (step === 0) return
    event.preventDefault()
    onSize(size + grows * step * KEY_STEP)
  }
  return <div className={classes.edge} data-side={side} role="separator" aria-orientation={upright ? 'vertical' : 'horizontal'} aria-label={label} aria-valuenow={size} tabIndex={0} onPointerDown={onPointerDown} onKeyDown={onKeyDown} />
}
