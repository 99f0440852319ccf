/** What the steps of the draft will take; asked again after each saved edit and each run. */
import { create } from 'zustand'
import type { Estimates } from '../core/estimates'
import { isFinished } from '../core/runs'
import { getEstimates } from '../server/rest'
import { useDocument } from './document'
import { useRun, type RunWatch } from './run'

const NOTHING: Estimates = { nodes: {}, memory_limit: null }

export const useEstimates = create<Estimates>(() => NOTHING)

const SETTLE = 1000

const ended = ({ run }: RunWatch) => (run && isFinished(run.state) ? run.id : null)

/** Keeps them up to date until the returned function is called. */
export function watchEstimates(pipelineId: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | null = null
  const ask = async () => {
    asking?.abort()
    asking = new AbortController()
    try {
      useEstimates.setState(await getEstimates(pipelineId, asking.signal))
    } catch {
      // Offline or overtaken by a newer question: the last answer stays.
    }
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), SETTLE)
  }
  const ends = [
    useDocument.subscribe((now, before) => {
      if (now.saved === 'saved' && now.loaded && (now.nodes !== before.nodes || now.edges !== before.edges || now.saved !== before.saved)) later()
    }),
    useRun.subscribe((now, before) => {
      if (ended(now) !== ended(before)) later()
    }),
  ]
  return () => {
    ends.forEach((end) => end())
    clearTimeout(timer)
    asking?.abort()
    useEstimates.setState(NOTHING, true)
  }
}
