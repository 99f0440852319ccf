/** One thing to put on the canvas: by dragging, a double-click, or Enter. */
import { Tooltip } from '@mantine/core'
import type { DragEvent, KeyboardEvent, ReactNode } from 'react'
import { MODULE_DRAG } from '../../core/catalogue'
import type { Params } from '../../core/graph'
import { addNode } from '../../state/edit'
import { useView } from '../../state/view'
import classes from './Palette.module.css'

interface Props {
  module: string
  params?: Params
  hint: string
  children: ReactNode
}

export function Draggable({ module, params, hint, children }: Props) {
  const add = () => {
    const canvas = useView.getState().canvas
    const added = canvas && addNode(module, canvas.middle(), { params, anywhere: true })
    if (added) canvas.reveal(added)
  }
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData(MODULE_DRAG, JSON.stringify({ module, params }))
    event.dataTransfer.effectAllowed = 'copy'
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add()
  }
  // A finger neither drags nor double-clicks here: one tap adds.
  const onClick = () => matchMedia('(pointer: coarse)').matches && add()
  return (
    <Tooltip label={hint} position="right" openDelay={600}>
      <button type="button" className={classes.item} draggable onDragStart={onDragStart} onClick={onClick} onDoubleClick={add} onKeyDown={onKeyDown} aria-description="Press Enter to add it to the canvas">
        {children}
      </button>
    </Tooltip>
  )
}
