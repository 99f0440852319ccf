/** Uploads files as datasets, each with a card of the file's name. */
import { notifications } from '@mantine/notifications'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { isAccepted, stemOf, type Reading } from '../../core/data/datasets'
import type { Point } from '../../core/graph/graph'
import { counted, percent } from '../../core/base/numbers'
import { asApiError, uploadDataset } from '../../server/rest'
import { addNode } from '../../state/edit'
import { useView } from '../../state/view'

const STAGGER = 100

/** Keyboard users continue from the new card, unless the focus has moved since. */
function focusAdded(added: string | null) {
  const { canvas } = useView.getState()
  if (!added) return
  canvas?.reveal(added)
  requestAnimationFrame(() => {
    const focus = document.activeElement
    if (focus === document.body || focus?.closest('[data-testid="canvas"]')) canvas?.focus(added)
  })
}

interface Target {
  at: Point
  /** Whether the card may be placed elsewhere, where there is space. */
  anywhere: boolean
  workspace: string | undefined
  reading?: Reading
}

async function uploadTo({ at, anywhere, workspace, reading }: Target, file: File, client: QueryClient) {
  const id = notifications.show({ title: file.name, message: 'Uploading', loading: true, autoClose: false })
  try {
    const dataset = await uploadDataset({
      file, workspace, reading,
      onProgress: (share) => notifications.update({ id, title: file.name, message: share < 1 ? `Uploading, ${percent(share)}` : 'Reading file', loading: true, autoClose: false }),
    })
    focusAdded(addNode('data.dataset', at, { params: { dataset: dataset.name }, title: stemOf(file.name), anywhere }))
    void client.invalidateQueries({ queryKey: ['datasets'] })
    notifications.update({ id, title: file.name, message: `Ready as ${dataset.name}: ${counted(dataset.rows, 'row')} × ${counted(dataset.columns.length, 'column')}`, loading: false, autoClose: 3000 })
  } catch (reason) {
    const { words, remedy } = asApiError(reason)
    notifications.update({ id, title: file.name, message: [words, remedy].filter(Boolean).join(' '), loading: false, autoClose: 10_000, color: 'red' })
  }
}

/** Uploads files to the drop position; without one, to a free place in the middle of the view. */
export function useUpload(workspace: string | undefined) {
  const client = useQueryClient()
  return useCallback((files: readonly File[], place?: Point, reading?: Reading) => {
    const [x, y] = place ?? useView.getState().canvas?.middle() ?? [0, 0]
    files.forEach((file, at) => {
      if (isAccepted(file.name)) void uploadTo({ at: [x, y + at * STAGGER], anywhere: place === undefined, workspace, reading }, file, client)
      else notifications.show({ title: file.name, message: 'This file type is not supported. Upload CSV, TSV, Parquet, Excel, JSON lines, or a ZIP or TAR archive.', color: 'red' })
    })
  }, [workspace, client])
}
