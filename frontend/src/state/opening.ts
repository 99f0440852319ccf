/** New pipelines that open at once, and the export of one. */
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { fileNameOf } from '../core/pipelines/pipelines'
import { request } from '../server/http'
import { asApiError, candidateScriptUrl, getGraph, type Pipeline, type PortPlace } from '../server/rest'
import { copied } from './copying'

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

/** Saves code that needs no Easel as a file. What cannot be exported is told, with each node. */
export async function exportCode(id: string, format: 'script' | 'notebook') {
  try {
    const answer = await request(`/api/pipelines/${id}/export/?format=${format}&with_data=true`)
    const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'pipeline.zip'
    saveAs(await answer.blob(), name)
  } catch (reason) {
    notExported(reason)
  }
}

function notExported(reason: unknown) {
  const { words, remedy, problems } = asApiError(reason)
  const lines = problems?.length ? problems.map((each) => `${each.node ? `${each.node}: ` : ''}${each.words} ${each.remedy ?? ''}`) : [`${words} ${remedy ?? ''}`]
  notifications.show({ title: 'This pipeline cannot be exported as code', message: lines.join('\n'), color: 'red', autoClose: false, styles: { description: { whiteSpace: 'pre-line' } } })
}

/** Copies the pipeline of a candidate of a search as a Python script; without a clipboard it is saved as a file. */
export async function copyScript(place: PortPlace, candidate: string) {
  try {
    const script = await (await request(candidateScriptUrl(place, candidate))).text()
    const done = await copied(script)
    if (!done) saveAs(new Blob([script], { type: 'text/x-python' }), `${candidate}.py`)
    notifications.show({ title: done ? 'Copied as Python' : 'Saved as Python', message: `The script of ${candidate} reads its data from the folder data. To get the data with it, open the pipeline and export it.`, color: 'gray' })
  } catch (reason) {
    notExported(reason)
  }
}

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
