/** New pipelines that open at once, and the export of one. */
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { fileNameOf } from '../core/pipelines/pipelines'
import { request } from '../server/http'
import { asApiError, candidateCodeUrl, getGraph, type Pipeline, type PortPlace } from '../server/rest'

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

/** Saves code that needs no Easel as a file, with its data. What cannot be exported is told, with each node. */
async function saveCode(address: string) {
  try {
    const answer = await request(address)
    const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'pipeline.zip'
    saveAs(await answer.blob(), name)
  } catch (reason) {
    const { words, remedy, problems } = asApiError(reason)
    const lines = problems?.length ? problems.map((each) => `${each.node ? `${each.node}: ` : ''}${each.words} ${each.remedy ?? ''}`) : [`${words} ${remedy ?? ''}`]
    notifications.show({ title: 'This pipeline cannot be exported as code', message: lines.join('\n'), color: 'red', autoClose: false, styles: { description: { whiteSpace: 'pre-line' } } })
  }
}

export const exportCode = (id: string, format: 'script' | 'notebook') => saveCode(`/api/pipelines/${id}/export/?format=${format}&with_data=true`)
/** The pipeline of a candidate of a search as a Python script. */
export const exportCandidate = (place: PortPlace, candidate: string) => saveCode(candidateCodeUrl(place, candidate))

function saveAs(content: Blob, name: string) {
  const url = URL.createObjectURL(content)
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  URL.revokeObjectURL(url)
}

/** Saves the document as a file, in its state on the server. */
export async function exportPipeline({ id, name }: { id: string; name: string }) {
  const { graph } = await getGraph(id)
  saveAs(new Blob([JSON.stringify(graph, null, 2)], { type: 'application/json' }), fileNameOf(name))
}
