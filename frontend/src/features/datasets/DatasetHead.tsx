import { Badge, Button, NativeSelect } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { newestFirst, readingOf, readingWords, titleOf, versionOf, type Dataset, type Reading } from '../../core/data/datasets'
import { ago, bytes, counted } from '../../core/base/numbers'
import { send } from '../../state/uploads'
import { useMayEdit } from '../../state/workspace'
import { UploadButton } from '../../ui/UploadButton'
import classes from './datasets.module.css'
import { DeleteDataset } from './DeleteDataset'
import { Notes } from './Notes'
import { RenameDataset } from './RenameDataset'

interface Props {
  dataset: Dataset
  version: number
  onVersion: (version: number | null) => void
}

export function DatasetHead({ dataset, version, onVersion }: Props) {
  const queries = useQueryClient()
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null)
  const edits = useMayEdit(dataset.workspace)
  const [opened] = useState(() => Date.now())
  const shown = versionOf(dataset, version)
  const read = shown && readingWords(shown)
  const sendVersion = async (file: File, reading?: Reading) => {
    if (!(await send(file, { dataset: dataset.id, reading }))) return
    onVersion(null)
    await queries.invalidateQueries({ queryKey: ['dataset', dataset.id] })
    await queries.invalidateQueries({ queryKey: ['datasets'] })
  }
  return (
    <header className={classes.head}>
      <div>
        <div className={classes.name}>
          <h1>{titleOf(dataset)}</h1>
          {dataset.sample && <Badge variant="light" color="gray" tt="none">Sample</Badge>}
        </div>
        <div className={classes.facts}>
          <span className={classes.code}>{dataset.name}</span>
          {dataset.source && <span>{dataset.source}</span>}
          <span>{counted(shown?.rows ?? dataset.rows, 'row')}, {counted(dataset.columns.length, 'column')}, {bytes(shown?.bytes ?? dataset.bytes)}</span>
        </div>
        {read && <div className={classes.facts}>{read}</div>}
        {shown && <Notes key={version} notes={shown.notes} />}
      </div>
      <div className={classes.actions}>
        {dataset.versions.length > 1 && (
          <NativeSelect
            size="xs" aria-label="Version" value={String(version)} onChange={(event) => onVersion(Number(event.currentTarget.value))}
            data={newestFirst(dataset).map((one) => ({ value: String(one.number), label: `Version ${one.number}, ${ago(one.created_at, opened)}` }))}
          />
        )}
        {edits && (
          <>
            <UploadButton
              label="Upload new version" variant="default" usual={readingOf(newestFirst(dataset)[0])}
              onFiles={(files, reading) => files.forEach((file) => void sendVersion(file, reading))}
            />
            <Button size="xs" variant="default" leftSection={<IconPencil size={14} />} onClick={() => setAsking('rename')}>Rename</Button>
            <Button size="xs" variant="default" leftSection={<IconTrash size={14} />} onClick={() => setAsking('delete')}>Delete</Button>
          </>
        )}
        <Button size="xs" variant="subtle" component={Link} href="/datasets">All datasets</Button>
      </div>
      {asking === 'rename' && <RenameDataset dataset={dataset} onClose={() => setAsking(null)} />}
      <DeleteDataset dataset={dataset} opened={asking === 'delete'} onClose={() => setAsking(null)} />
    </header>
  )
}
