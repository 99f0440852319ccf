/** Things dropped on the canvas: modules from the palette, and files to upload. */
import { notifications } from '@mantine/notifications'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useReactFlow } from '@xyflow/react'
import { useCallback, type DragEvent } from 'react'
import { MODULE_DRAG } from '../../core/catalogue'
import { isAccepted } from '../../core/datasets'
import { edgeKey, type Params, type Point } from '../../core/graph'
import { percent } from '../../core/numbers'
import { currentGraph, useDocument } from '../../state/document'
import { addNode } from '../../state/edit'
import { asApiError, uploadDataset } from '../../server/rest'

const STAGGER = 100

async function uploadTo(place: Point, file: File, workspace: string | undefined, client: QueryClient) {
  const id = notifications.show({ title: file.name, message: 'Uploading', loading: true, autoClose: false })
  try {
    const dataset = await uploadDataset({
      file, workspace, onProgress: (share) => notifications.update({ id, title: file.name, message: `Uploading, ${percent(share)}`, loading: true, autoClose: false }),
    })
    addNode('data.dataset', place, { params: { dataset: dataset.name } })
    void client.invalidateQueries({ queryKey: ['datasets'] })
    notifications.update({ id, title: file.name, message: `Ready as ${dataset.name}.`, loading: false, autoClose: 3000, color: 'teal' })
  } catch (reason) {
    const { words, remedy } = asApiError(reason)
    notifications.update({ id, title: file.name, message: [words, remedy].filter(Boolean).join(' '), loading: false, autoClose: 10_000, color: 'red' })
  }
}

/** The wire under the pointer, by its ends. */
function wireAt(x: number, y: number) {
  const wire = document.elementsFromPoint(x, y).map((element) => element.closest('.react-flow__edge')).find(Boolean)
  const id = wire?.getAttribute('data-id')
  return currentGraph().edges.find((edge) => edgeKey(edge) === id)
}

export function useDropping(workspace: string | undefined) {
  const { screenToFlowPosition } = useReactFlow()
  const client = useQueryClient()

  const onDragOver = useCallback((event: DragEvent) => {
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
  }, [])

  const onDrop = useCallback((event: DragEvent) => {
    event.preventDefault()
    if (useDocument.getState().readOnly) return
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY })
    const dragged = event.dataTransfer.getData(MODULE_DRAG)
    if (dragged) {
      const { module, params } = JSON.parse(dragged) as { module: string; params?: Params }
      addNode(module, [x, y - 16], { params, onto: wireAt(event.clientX, event.clientY) })
    }
    ;[...event.dataTransfer.files].forEach((file, at) => {
      if (isAccepted(file.name)) void uploadTo([x, y + at * STAGGER], file, workspace, client)
      else notifications.show({ title: file.name, message: 'This kind of file cannot be read. Drop CSV, TSV, Parquet, XLSX or JSON lines.', color: 'red' })
    })
  }, [screenToFlowPosition, workspace, client])

  return { onDragOver, onDrop }
}
