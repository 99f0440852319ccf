/** One item to put on the canvas: by dragging, a double-click, or Enter. */
import { Tooltip } from '@mantine/core'
import type { DragEvent, KeyboardEvent, ReactNode } from 'react'
import { MODULE_DRAG } from '../../core/catalogue/catalogue'
import type { Params } from '../../core/base/json'
import { addNode } from '../../state/edit'
import { onlyChosen, useSelection } from '../../state/selection'
import { useView } from '../../state/view'
import classes from './Palette.module.css'

interface Props {
  module: string
  params?: Params
  /** The card's name, when it is not the module's. */
  title?: string
  hint: string
  children: ReactNode
}

export function Draggable({ module, params, title, hint, children }: Props) {
  const add = () => {
    const canvas = useView.getState().canvas
    const added = canvas && addNode(module, canvas.middle(), { params, title, anywhere: true, after: onlyChosen(useSelection.getState()) })
    if (!added) return
    canvas.reveal(added)
    canvas.focus(added)
  }
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData(MODULE_DRAG, JSON.stringify({ module, params, title }))
    event.dataTransfer.effectAllowed = 'copy'
    useView.setState({ dragged: module })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add()
  }
  // Touch has neither drag nor double-click here: one tap adds.
  const onClick = () => matchMedia('(pointer: coarse)').matches && add()
  const dragging = useView((view) => view.dragged !== null)
  return (
    <Tooltip label={hint} position="right" openDelay={600} disabled={dragging}>
      <button type="button" className={classes.item} draggable onDragStart={onDragStart} onDragEnd={() => useView.setState({ dragged: null })} onClick={onClick} onDoubleClick={add} onKeyDown={onKeyDown} aria-description="Press Enter to add to the canvas">
        {children}
      </button>
    </Tooltip>
  )
}
