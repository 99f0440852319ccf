import { Button, NativeSelect } from '@mantine/core'
import { IconCloudDownload, IconHierarchy2, IconPencil, IconPlus, IconTrash, IconTrophy } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { newestFirst, readingOf, readingWords, titleOf, versionOf, type Dataset, type Reading } from '../../core/data/datasets'
import { ago, bytes, counted } from '../../core/base/numbers'
import { pipelineOf } from '../../core/graph/graph'
import { lineageAddress } from '../../core/runs/lineage'
import { presetAddress } from '../../core/runs/searches'
import { createPipeline } from '../../server/rest'
import { useImports } from '../../state/imports'
import { useOpening } from '../../state/opening'
import { send } from '../../state/uploads'
import { useMayEdit, useWorkspace } from '../../state/workspace'
import { Notes } from '../../ui/Notes'
import { PageHead } from '../../ui/Page'
import { UploadButton } from '../../ui/UploadButton'
import classes from './datasets.module.css'
import { DeleteDataset } from './DeleteDataset'
import { ImportForm } from './ImportForm'
import { ImportList } from './Imports'
import { RenameDataset } from './RenameDataset'

interface Props {
  dataset: Dataset
  version: number
  onVersion: (version: number | null) => void
}

export function DatasetHead({ dataset, version, onVersion }: Props) {
  const queries = useQueryClient()
  const [asking, setAsking] = useState<'rename' | 'delete' | 'source' | null>(null)
  const edits = useMayEdit(dataset.workspace)
  const { workspace } = useWorkspace()
  const imports = useImports(dataset.workspace ?? undefined)
  const source = imports.data?.filter((one) => one.dataset === dataset.id) ?? []
  const draws = useMayEdit(workspace?.id)
  const starting = useOpening(() => createPipeline({ workspace: workspace?.id, graph: pipelineOf(dataset) }))
  const [opened] = useState(() => Date.now())
  const shown = versionOf(dataset, version)
  const read = shown && readingWords(shown)
  const sendVersion = async (file: File, reading?: Reading) => {
    if (!(await send(file, { dataset: dataset.id, reading }))) return
    onVersion(null)
    await queries.invalidateQueries({ queryKey: ['dataset', dataset.id] })
    await queries.invalidateQueries({ queryKey: ['datasets'] })
  }
  const title = <span className={classes.title}>{titleOf(dataset)}{dataset.sample && <span className={classes.chip}>Sample</span>}</span>
  const facts = (
    <>
      <span>{counted(shown?.rows ?? dataset.rows, 'row')}, {counted(dataset.columns.length, 'column')}, {bytes(shown?.bytes ?? dataset.bytes)}</span>
      <span className={classes.code}>{dataset.name}</span>
      {dataset.source && <span>{dataset.source}</span>}
    </>
  )
  const actions = (
    <>
      {dataset.versions.length > 1 && (
        <NativeSelect
          aria-label="Version" value={String(version)} onChange={(event) => onVersion(Number(event.currentTarget.value))}
          data={newestFirst(dataset).map((one) => ({ value: String(one.number), label: `Version ${one.number}, ${ago(one.created_at, opened)}` }))}
        />
      )}
      <Button variant="default" leftSection={<IconHierarchy2 size={16} stroke={1.6} />} component={Link} href={lineageAddress(`dataset:${dataset.id}.${version}`)}>Lineage</Button>
      {edits && (
        <>
          <Button variant="default" leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => setAsking('rename')}>Rename</Button>
          <Button variant="default" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setAsking('delete')}>Delete</Button>
          {imports.data && source.length === 0 && dataset.kind === 'table' && <Button variant="default" leftSection={<IconCloudDownload size={16} stroke={1.6} />} onClick={() => setAsking('source')}>Add source</Button>}
          <UploadButton
            label="Upload new version" variant="default" usual={readingOf(newestFirst(dataset)[0])}
            onFiles={(files, reading) => files.forEach((file) => void sendVersion(file, reading))}
          />
        </>
      )}
      {draws && dataset.kind === 'table' && <Button variant="default" leftSection={<IconTrophy size={16} stroke={1.6} />} component={Link} href={presetAddress({ dataset: dataset.id })}>Train best model</Button>}
      {draws && dataset.kind === 'table' && <Button leftSection={<IconPlus size={16} />} loading={starting.isPending} onClick={() => starting.mutate(undefined)}>New pipeline</Button>}
    </>
  )
  return (
    <>
      <PageHead title={title} facts={facts} actions={actions} />
      {(read || (shown?.notes.length ?? 0) > 0) && (
        <div className={classes.notes}>
          {read && <div>{read}</div>}
          {shown && <Notes key={version} notes={shown.notes} />}
        </div>
      )}
      {source.length > 0 && <ImportList imports={source} edits={edits} />}
      {asking === 'source' && dataset.workspace && <ImportForm workspace={dataset.workspace} dataset={{ id: dataset.id, title: titleOf(dataset) }} onClose={() => setAsking(null)} />}
      {asking === 'rename' && <RenameDataset dataset={dataset} onClose={() => setAsking(null)} />}
      <DeleteDataset dataset={dataset} opened={asking === 'delete'} onClose={() => setAsking(null)} />
    </>
  )
}
