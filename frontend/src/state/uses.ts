/** Where the pipeline is in use; fetched again after each saved edit. */
import { create } from 'zustand'
import type { PipelineUse } from '../core/pipelines/uses'
import { getPipelineUses } from '../server/rest'
import { askAfterEdits } from './afterEdits'

const DEBOUNCE = 1500

export const usePipelineUses = create<{ uses: PipelineUse[] }>(() => ({ uses: [] }))

/** Keeps the uses up to date until the returned function is called. */
export function watchUses(pipelineId: string): () => void {
  const { end } = askAfterEdits(async (signal) => usePipelineUses.setState({ uses: await getPipelineUses(pipelineId, signal) }), DEBOUNCE)
  return () => {
    end()
    usePipelineUses.setState({ uses: [] })
  }
}
