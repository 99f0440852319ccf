/** The menu beside the pipeline's name: what can be done with the pipeline as a whole. */
import { ActionIcon, Menu } from '@mantine/core'
import { IconBrandPython, IconChevronDown, IconCopy, IconDownload, IconHistory, IconNotebook, IconPencil, IconTargetArrow, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { deletionWords } from '../../core/pipelines/uses'
import { asApiError, createPipeline, deletePipeline } from '../../server/rest'
import { availableCommands } from '../../state/commands'
import { useDocument } from '../../state/document'
import { exportCode, exportPipeline, notifyFailure, useOpening } from '../../state/opening'
import { useRun } from '../../state/run'
import { usePipelineUses } from '../../state/uses'
import { useView } from '../../state/view'
import { Confirm } from '../../ui/Confirm'

/** Once the menu has returned the focus. */
function rename() {
  setTimeout(() => {
    const field = document.querySelector<HTMLInputElement>('[data-pipeline-name]')
    field?.focus()
    field?.select()
  }, 50)
}

function DeleteDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const [, navigate] = useLocation()
  const client = useQueryClient()
  const uses = usePipelineUses((state) => state.uses)
  const removing = useMutation({
    mutationFn: () => deletePipeline(id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['pipelines'] })
      navigate('/')
    },
  })
  return (
    <Confirm opened onClose={onClose} title={`Delete “${name}”?`} action="Delete pipeline" onConfirm={() => removing.mutate()} busy={removing.isPending} error={removing.error && asApiError(removing.error)}>
      {deletionWords(uses)}
    </Confirm>
  )
}

/** `children` come first: where the bar has no room for its buttons. */
export function PipelineMenu({ target, children }: { target?: ReactNode; children?: ReactNode }) {
  const id = useDocument((state) => state.pipelineId) ?? ''
  const name = useDocument((state) => state.name)
  const editable = useDocument((state) => !state.readOnly && state.pipelineId !== null)
  useRun((state) => state.run?.state) // whether the command of its scores is there
  const [deleting, setDeleting] = useState(false)
  const duplicating = useOpening(() => createPipeline({ copy_of: id }))
  const exporting = useMutation({ mutationFn: () => exportPipeline({ id, name }), onError: notifyFailure })
  const coding = useMutation({ mutationFn: (format: 'script' | 'notebook') => exportCode(id, format) })
  const [scoring] = availableCommands(['scoring'])
  const item = { fz: 13 }
  return (
    <>
      <Menu position={children ? 'bottom-end' : 'bottom-start'}>
        <Menu.Target>{target ?? <ActionIcon size={24} aria-label="Pipeline actions"><IconChevronDown size={14} stroke={1.6} /></ActionIcon>}</Menu.Target>
        <Menu.Dropdown>
          {children}
          {editable && <Menu.Item {...item} leftSection={<IconPencil size={16} stroke={1.6} />} onClick={rename}>Rename</Menu.Item>}
          {editable && <Menu.Item {...item} leftSection={<IconCopy size={16} stroke={1.6} />} disabled={duplicating.isPending} onClick={() => duplicating.mutate(undefined)}>Duplicate</Menu.Item>}
          <Menu.Item {...item} leftSection={<IconDownload size={16} stroke={1.6} />} onClick={() => exporting.mutate()}>Export as JSON</Menu.Item>
          <Menu.Item {...item} leftSection={<IconBrandPython size={16} stroke={1.6} />} disabled={coding.isPending} onClick={() => coding.mutate('script')}>Export as Python script</Menu.Item>
          <Menu.Item {...item} leftSection={<IconNotebook size={16} stroke={1.6} />} disabled={coding.isPending} onClick={() => coding.mutate('notebook')}>Export as notebook</Menu.Item>
          <Menu.Item {...item} leftSection={<IconHistory size={16} stroke={1.6} />} onClick={() => useView.setState({ versions: true })}>Versions</Menu.Item>
          {scoring && <Menu.Item {...item} leftSection={<IconTargetArrow size={16} stroke={1.6} />} onClick={() => scoring.run()}>{scoring.title}</Menu.Item>}
          {editable && <Menu.Divider />}
          {editable && <Menu.Item {...item} color="red" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setDeleting(true)}>Delete…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {deleting && <DeleteDialog id={id} name={name} onClose={() => setDeleting(false)} />}
    </>
  )
}
