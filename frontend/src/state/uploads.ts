/** Uploads in progress: the share sent, and the errors of failed ones. */

import { create } from 'zustand'
import type { Dataset, Reading } from '../core/data/datasets'
import { type ApiError, asApiError, uploadDataset, uploadVersion } from '../server/rest'

export interface Upload {
  id: number
  file: string
  /** The dataset of a new version; null for a new dataset. */
  dataset: string | null
  /** From 0 to 1; at 1 the server is parsing the file. */
  share: number
  error: ApiError | null
  stop: () => void
}

export const useUploads = create<{ uploads: Upload[] }>(() => ({ uploads: [] }))

let last = 0

/** Uploads one file as a new dataset, or as the next version of one. Null when it failed; the reason is stored with the upload. */
export async function send(file: File, to: { workspace?: string; name?: string; dataset?: string; reading?: Reading }): Promise<Dataset | null> {
  const id = (last += 1)
  const stopping = new AbortController()
  useUploads.setState(({ uploads }) => ({ uploads: [...uploads, { id, file: file.name, dataset: to.dataset ?? null, share: 0, error: null, stop: () => stopping.abort() }] }))
  const sending = { file, name: to.name, workspace: to.workspace, reading: to.reading, signal: stopping.signal, onProgress: (share: number) => change(id, { share }) }
  try {
    const dataset = await (to.dataset ? uploadVersion(to.dataset, sending) : uploadDataset(sending))
    dismiss(id)
    return dataset
  } catch (reason) {
    const error = asApiError(reason)
    if (error.code === 'stopped') dismiss(id)
    else change(id, { error })
    return null
  }
}

function change(id: number, changes: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.map((one) => (one.id === id ? { ...one, ...changes } : one)) }))
}

export function dismiss(id: number): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((one) => one.id !== id) }))
}
