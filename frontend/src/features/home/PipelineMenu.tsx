/** The menu of a pipeline's card. */
import { ActionIcon, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconDots, IconDownload, IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { atLeast } from '../../core/team/people'
import { fileNameOf } from '../../core/pipelines/pipelines'
import { asApiError, createPipeline, deletePipeline, getGraph, type Pipeline } from '../../server/rest'
import { Confirm } from '../../ui/Confirm'
import classes from './Home.module.css'
import { RenamePipeline } from './RenamePipeline'

/** Saves the document as a file, in its state on the server. */
async function exportPipeline({ id, name }: Pipeline) {
  const { graph } = await getGraph(id)
  const url = URL.createObjectURL(new Blob([JSON.stringify(graph, null, 2)], { type: 'application/json' }))
  Object.assign(document.createElement('a'), { href: url, download: fileNameOf(name) }).click()
  URL.revokeObjectURL(url)
}

export function PipelineMenu({ pipeline }: { pipeline: Pipeline }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null)
  const close = () => setAsking(null)
  const refresh = () => client.invalidateQueries({ queryKey: ['pipelines'] })
  const onError = (reason: unknown) => {
    const { words, remedy } = asApiError(reason)
    notifications.show({ message: [words, remedy].filter(Boolean).join(' '), color: 'red' })
  }
  const duplicating = useMutation({ mutationFn: () => createPipeline({ copy_of: pipeline.id }), onSuccess: refresh, onError })
  const exporting = useMutation({ mutationFn: () => exportPipeline(pipeline), onError })
  const removing = useMutation({ mutationFn: () => deletePipeline(pipeline.id), onSuccess: refresh })
  const edits = atLeast(pipeline.role, 'editor')
  const item = { fz: 13 }
  return (
    <>
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target><ActionIcon className={classes.more} aria-label={`Actions for ${pipeline.name}`}><IconDots size={16} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {edits && <Menu.Item {...item} leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => setAsking('rename')}>Rename…</Menu.Item>}
          {edits && <Menu.Item {...item} leftSection={<IconCopy size={16} stroke={1.6} />} disabled={duplicating.isPending} onClick={() => duplicating.mutate()}>Duplicate</Menu.Item>}
          <Menu.Item {...item} leftSection={<IconDownload size={16} stroke={1.6} />} onClick={() => exporting.mutate()}>Export as JSON</Menu.Item>
          {edits && <Menu.Item {...item} leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setAsking('delete')}>Delete…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {asking === 'rename' && <RenamePipeline pipeline={pipeline} onClose={close} />}
      <Confirm
        opened={asking === 'delete'} onClose={close} title={`Delete “${pipeline.name}”?`} action="Delete pipeline"
        onConfirm={() => removing.mutate()} busy={removing.isPending} error={removing.error && asApiError(removing.error)}
      >
        The pipeline and its versions are deleted for everyone. This cannot be undone. Its runs stay on the Runs page.
      </Confirm>
    </>
  )
}
