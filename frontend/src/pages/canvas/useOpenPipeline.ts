/** Opens a pipeline while its page is mounted: the document, its last run, the check, and the last view. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { atLeast } from '../../core/team/people'
import { loadCatalogue } from '../../state/catalogue'
import { watchCheck } from '../../state/check'
import { connect } from '../../state/connect'
import { closeDocument, enterDocument, isThere, setReadOnly, useDocument } from '../../state/document'
import { watchEstimates } from '../../state/estimates'
import { watchUses } from '../../state/uses'
import { meQuery } from '../../state/me'
import { publishSelection } from '../../state/people'
import { pipelineQuery } from '../../state/pipelines'
import { attach, detach, useRun } from '../../state/run'
import { clearSelection, useSelection } from '../../state/selection'
import { watchStale } from '../../state/stale'
import { foldDrawer, savePlace, useView } from '../../state/view'
import { useEnter } from '../../state/workspace'

/** Whether the drawer covers the canvas is remembered. */
const watchDrawer = (id: string) =>
  useView.subscribe(({ maximised }, before) => {
    if (maximised !== before.maximised) savePlace(id, { maximised })
  })

/** The selection is remembered, and sent to other users. */
function watchSelection(id: string): () => void {
  return useSelection.subscribe(({ nodes, port }) => {
    const chosen = [...nodes]
    savePlace(id, { chosen, port })
    publishSelection(chosen)
  })
}

/** The browser warns before a page with unsaved edits is closed. */
function useUnsavedGuard() {
  const owing = useDocument(({ saved, canUndo }) => saved === 'saving' || saved === 'refused' || (saved === 'offline' && canUndo))
  useEffect(() => {
    if (!owing) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [owing])
}

/** Opens the document once the user's role is known. `ready` tells whether it is the open one. */
export function useOpenPipeline(id: string) {
  const client = useQueryClient()
  const { data: me } = useQuery(meQuery)
  const pipeline = useQuery(pipelineQuery(id))
  const opened = useDocument((state) => state.pipelineId)
  const user = me?.user
  useUnsavedGuard()
  useEnter(pipeline.data?.workspace)
  const role = pipeline.data?.role
  const known = role !== undefined
  useEffect(() => void loadCatalogue(), [])
  useEffect(() => {
    if (role) setReadOnly(!atLeast(role, 'editor'))
  }, [id, role])
  useEffect(() => connect(id), [id])
  useEffect(() => {
    if (!user || !known) return
    enterDocument(id, user)
    const ends = [watchSelection(id), watchDrawer(id), watchCheck(id), watchStale(), watchEstimates(id), watchUses(id)]
    return () => ends.forEach((end) => end())
  }, [id, user, known])
  // After the effect that remembers the selection has ended.
  useEffect(() => () => {
    closeDocument()
    detach()
    clearSelection()
    // Edits and runs made here invalidate the caches of other pages.
    client.removeQueries({ queryKey: pipelineQuery(id).queryKey })
    void client.invalidateQueries({ queryKey: ['pipelines'] })
    void client.invalidateQueries({ queryKey: ['runs'] })
  }, [id, client])

  const last = pipeline.data?.last_run?.id
  useEffect(() => {
    if (opened === id && last && !useRun.getState().run) void attach(last)
  }, [id, opened, last])
  const ready = useDocument((state) => opened === id && isThere(state))
  useEffect(() => {
    if (ready && Object.keys(useDocument.getState().nodes).length === 0) foldDrawer()
  }, [ready])
  return { ready, pipeline }
}
