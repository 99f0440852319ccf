/** One item to put on the canvas: by dragging, a double-click, Enter, or a tap. */
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
  /** It cannot be added here: it is not dragged, and what adds it says why. */
  missing?: boolean
  /** For screen readers; sighted users see the card on hover and focus. */
  description: string
  children: ReactNode
}

function add({ module, params, title }: Pick<Props, 'module' | 'params' | 'title'>) {
  const { canvas } = useView.getState()
  const added = canvas && addNode(module, canvas.middle(), { params, title, anywhere: true, after: onlyChosen(useSelection.getState()) })
  if (!added) return
  canvas.reveal(added)
  canvas.focus(added)
}

export function Item({ module, params, title, description, missing = false, children }: Props) {
  const added = { module, params, title }
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData(MODULE_DRAG, JSON.stringify(added))
    event.dataTransfer.effectAllowed = 'copy'
    useView.setState({ dragged: module })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add(added)
  }
  // Touch has neither drag nor double-click here: one tap adds.
  const onClick = () => matchMedia('(pointer: coarse)').matches && add(added)
  return (
    <button
      type="button" className={classes.item} data-row draggable={!missing} tabIndex={-1} aria-description={missing ? description : `${description} Press Enter to add to the canvas.`}
      onDragStart={onDragStart} onDragEnd={() => useView.setState({ dragged: null })} onClick={onClick} onDoubleClick={() => add(added)} onKeyDown={onKeyDown}
    >
      {children}
    </button>
  )
}
