/** New pipelines that open at once, and the export of one. */
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { fileNameOf } from '../core/pipelines/pipelines'
import { asApiError, getGraph, type Pipeline } from '../server/rest'

/** Tells why an action failed, and what to do. */
export function notifyFailure(reason: unknown) {
  const { words, remedy } = asApiError(reason)
  notifications.show({ message: [words, remedy].filter(Boolean).join(' '), color: 'red' })
}

/** Creates a pipeline and opens it. */
export function useOpening<Asked>(make: (asked: Asked) => Promise<Pipeline>) {
  const [, navigate] = useLocation()
  const client = useQueryClient()
  return useMutation({
    mutationFn: make,
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['pipelines'] })
      navigate(`/pipelines/${id}`)
    },
    onError: notifyFailure,
  })
}

/** Saves the document as a file, in its state on the server. */
export async function exportPipeline({ id, name }: { id: string; name: string }) {
  const { graph } = await getGraph(id)
  const url = URL.createObjectURL(new Blob([JSON.stringify(graph, null, 2)], { type: 'application/json' }))
  Object.assign(document.createElement('a'), { href: url, download: fileNameOf(name) }).click()
  URL.revokeObjectURL(url)
}
