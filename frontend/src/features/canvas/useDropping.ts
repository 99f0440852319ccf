/** Drag and drop on the canvas: modules from the palette, and files to upload. */
import { useReactFlow } from '@xyflow/react'
import { useState, type DragEvent } from 'react'
import { notifications } from '@mantine/notifications'
import { COMPONENT_DRAG, MODULE_DRAG } from '../../core/catalogue/catalogue'
import type { Params } from '../../core/base/json'
import { contentOf } from '../../core/graph/components'
import type { Point } from '../../core/graph/graph'
import { splitEdge } from '../../core/graph/insert'
import { currentCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { currentDrawing, withFolded } from '../../state/drawn'
import type { ComponentVersion } from '../../server/rest'
import { addNode, insertComponent } from '../../state/edit'
import { useView } from '../../state/view'
import { markWire, wireAt } from './wireAt'

interface Dragged {
  module: string
  params?: Params
  title?: string
}

/** The edge under the pointer, when the dragged module fits into it. */
function wireFor(module: string | null, { clientX, clientY }: DragEvent) {
  const wire = module ? wireAt(clientX, clientY) : undefined
  return wire && module && splitEdge(currentDrawing(), withFolded(currentCatalogue()), '', module, wire) ? wire : undefined
}

/** Where the file is, for the style sheet: its card follows without rendering. */
function follow({ currentTarget, clientX, clientY }: DragEvent) {
  const frame = currentTarget as HTMLElement
  const { left, top } = frame.getBoundingClientRect()
  frame.style.setProperty('--file-x', `${clientX - left}px`)
  frame.style.setProperty('--file-y', `${clientY - top}px`)
}

function dropComponent(dragged: string, place: Point) {
  if (!dragged) return
  const { version, name } = JSON.parse(dragged) as { version: ComponentVersion; name: string }
  const content = contentOf(version, name)
  const refusal = content && insertComponent(content, place)
  if (refusal) notifications.show({ message: refusal })
}

export function useDropping(upload: (files: readonly File[], place: Point) => void) {
  const { screenToFlowPosition } = useReactFlow()
  const [files, setFiles] = useState(0)

  const onDragOver = (event: DragEvent) => {
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    if (useDocument.getState().readOnly) return
    if (event.dataTransfer.types.includes('Files')) {
      follow(event)
      setFiles(Math.max(1, event.dataTransfer.items.length))
    }
    markWire(wireFor(useView.getState().dragged, event))
  }

  const onDragLeave = (event: DragEvent) => {
    if (event.currentTarget.contains(event.relatedTarget as Node | null)) return
    setFiles(0)
    markWire(null)
  }

  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setFiles(0)
    markWire(null)
    if (useDocument.getState().readOnly) return
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY })
    const dragged = event.dataTransfer.getData(MODULE_DRAG)
    if (dragged) {
      const { module, params, title } = JSON.parse(dragged) as Dragged
      useView.getState().canvas?.focus(addNode(module, [x, y - 16], { params, title, onto: wireFor(module, event) }))
    }
    dropComponent(event.dataTransfer.getData(COMPONENT_DRAG), [x, y - 16])
    upload([...event.dataTransfer.files], [x, y])
  }

  return { files, dropping: { onDragOver, onDragLeave, onDrop } }
}
