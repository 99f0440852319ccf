/** The menu of a pipeline's card. */
import { ActionIcon, Menu } from '@mantine/core'
import { IconCopy, IconDots, IconDownload, IconPencil, IconTemplate, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { deletionWords } from '../../core/pipelines/uses'
import { atLeast } from '../../core/team/people'
import { asApiError, createPipeline, deletePipeline, getPipelineUses, type Pipeline } from '../../server/rest'
import { exportPipeline, notifyFailure } from '../../state/opening'
import { Confirm } from '../../ui/Confirm'
import classes from './Home.module.css'
import { RenamePipeline } from './RenamePipeline'
import { SaveTemplate } from './SaveTemplate'

export function PipelineMenu({ pipeline }: { pipeline: Pipeline }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState<'rename' | 'template' | 'delete' | null>(null)
  const close = () => setAsking(null)
  const refresh = () => client.invalidateQueries({ queryKey: ['pipelines'] })
  const duplicating = useMutation({ mutationFn: () => createPipeline({ copy_of: pipeline.id }), onSuccess: refresh, onError: notifyFailure })
  const exporting = useMutation({ mutationFn: () => exportPipeline(pipeline), onError: notifyFailure })
  const edits = atLeast(pipeline.role, 'editor')
  const item = { fz: 13 }
  return (
    <>
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target><ActionIcon className={classes.more} aria-label={`Actions for ${pipeline.name}`}><IconDots size={16} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {edits && <Menu.Item {...item} leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => setAsking('rename')}>Rename…</Menu.Item>}
          {edits && <Menu.Item {...item} leftSection={<IconCopy size={16} stroke={1.6} />} disabled={duplicating.isPending} onClick={() => duplicating.mutate()}>Duplicate</Menu.Item>}
          {edits && <Menu.Item {...item} leftSection={<IconTemplate size={16} stroke={1.6} />} onClick={() => setAsking('template')}>Save as template…</Menu.Item>}
          <Menu.Item {...item} leftSection={<IconDownload size={16} stroke={1.6} />} onClick={() => exporting.mutate()}>Export as JSON</Menu.Item>
          {edits && <Menu.Item {...item} leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setAsking('delete')}>Delete…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {asking === 'rename' && <RenamePipeline pipeline={pipeline} onClose={close} />}
      {asking === 'template' && <SaveTemplate pipeline={pipeline} onClose={close} />}
      {asking === 'delete' && <DeletePipeline pipeline={pipeline} onClose={close} onDone={refresh} />}
    </>
  )
}

function DeletePipeline({ pipeline: { id, name }, onClose, onDone }: { pipeline: Pipeline; onClose: () => void; onDone: () => Promise<void> }) {
  const uses = useQuery({ queryKey: ['pipeline uses', id], queryFn: () => getPipelineUses(id), staleTime: 0 })
  const removing = useMutation({ mutationFn: () => deletePipeline(id), onSuccess: onDone })
  const error = removing.error ?? uses.error
  return (
    <Confirm opened onClose={onClose} title={`Delete “${name}”?`} action="Delete pipeline" onConfirm={() => removing.mutate()} busy={removing.isPending || uses.isPending} error={error && asApiError(error)}>
      {deletionWords(uses.data ?? [])}
    </Confirm>
  )
}
