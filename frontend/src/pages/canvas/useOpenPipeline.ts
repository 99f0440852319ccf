/** Opens a pipeline while its page is mounted: the document, its last run, the check, and the last view. */
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { atLeast } from '../../core/team/people'
import type { Notice } from '../../server/documentSocket'
import { loadCatalogue } from '../../state/catalogue'
import { watchCheck } from '../../state/check'
import { closeDocument, openDocument, setReadOnly, useDocument } from '../../state/document'
import { watchEstimates } from '../../state/estimates'
import { meQuery } from '../../state/me'
import { publishSelection } from '../../state/people'
import { pipelineQuery } from '../../state/pipelines'
import { attach, detach, useRun } from '../../state/run'
import { choose, choosePort, clearSelection, useSelection } from '../../state/selection'
import { watchStale } from '../../state/stale'
import { loadPlace, savePlace, useView } from '../../state/view'
import { useEnter } from '../../state/workspace'

function onNotice({ run, error }: Notice) {
  if (run) void attach(run.id)
  if (error) notifications.show({ message: error.words, color: 'red' })
}

function restorePlace(id: string) {
  const { chosen, port, maximised } = loadPlace(id)
  useView.setState({ maximised })
  if (port) choosePort(port)
  else choose(chosen)
}

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

/** What the page reads before its first render; the HTML has asked for it already. */
export const prefetch = (client: QueryClient, id: string) => Promise.all([client.prefetchQuery(meQuery), client.prefetchQuery(pipelineQuery(id)), loadCatalogue()])

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
  useEffect(() => {
    if (!user || !known) return
    openDocument(id, user, onNotice)
    restorePlace(id)
    const ends = [watchSelection(id), watchDrawer(id), watchCheck(id), watchStale(), watchEstimates(id)]
    return () => {
      ends.forEach((end) => end())
      closeDocument()
      detach()
      clearSelection()
      // Edits and runs made here invalidate the caches of other pages.
      client.removeQueries({ queryKey: pipelineQuery(id).queryKey })
      void client.invalidateQueries({ queryKey: ['pipelines'] })
      void client.invalidateQueries({ queryKey: ['runs'] })
    }
  }, [id, user, known, client])

  const last = pipeline.data?.last_run?.id
  useEffect(() => {
    if (opened === id && last && !useRun.getState().run) void attach(last)
  }, [id, opened, last])
  const ready = useDocument((state) => opened === id && (state.loaded || state.saved === 'gone' || state.saved === 'signed_out'))
  return { ready, pipeline }
}
