import { Button, FileButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFileImport } from '@tabler/icons-react'
import { readDocument } from '../../core/pipelines/pipelines'
import { createPipeline } from '../../server/rest'
import { useOpening } from '../../state/opening'

/** Creates a pipeline from an exported file. */
export function ImportButton({ workspace }: { workspace: string }) {
  const importing = useOpening((graph: unknown) => createPipeline({ workspace, graph }))
  const read = async (file: File | null) => {
    if (!file) return
    const found = readDocument(await file.text(), file.name)
    if ('refusal' in found) notifications.show({ message: found.refusal, color: 'red' })
    else importing.mutate(found.document)
  }
  return (
    <FileButton accept=".json,application/json" onChange={(file) => void read(file)}>
      {(props) => <Button variant="default" leftSection={<IconFileImport size={16} />} loading={importing.isPending} {...props}>Import</Button>}
    </FileButton>
  )
}
