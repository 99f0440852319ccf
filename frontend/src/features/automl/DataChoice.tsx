import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { counted } from '../../core/base/numbers'
import { matchesSearch, titleOf, versionOf, type Dataset, type Reading } from '../../core/data/datasets'
import { send, useUploads } from '../../state/uploads'
import { Failure } from '../../ui/Failure'
import { Notes } from '../../ui/Notes'
import { UploadButton } from '../../ui/UploadButton'
import classes from './automl.module.css'

const MANY = 8

interface Props {
  datasets: Dataset[]
  chosen: Dataset | null
  workspace: string
  onChoose: (dataset: Dataset) => void
}

/** The data: a dataset of the workspace, a sample, or a file. */
export function DataChoice({ datasets, chosen, workspace, onChoose }: Props) {
  const queries = useQueryClient()
  const [search, setSearch] = useState('')
  const uploads = useUploads((state) => state.uploads)
  const upload = uploads.findLast(({ dataset }) => dataset === null)
  const take = async ([file]: File[], reading?: Reading) => {
    if (!file) return
    const dataset = await send(file, { workspace, reading })
    if (!dataset) return
    onChoose(dataset)
    void queries.invalidateQueries({ queryKey: ['datasets'] })
  }
  const notes = (chosen && versionOf(chosen, chosen.version)?.notes) ?? []
  const shown = datasets.filter((each) => each === chosen || matchesSearch(each, search))
  return (
    <fieldset className={classes.step}>
      <legend><span className={classes.number} aria-hidden>1</span> Data</legend>
      <div className={classes.tools}>
        <UploadButton label="Upload a file" variant="default" onFiles={(files, reading) => void take(files, reading)} />
        {datasets.length > MANY && <TextInput className={classes.filter} aria-label="Filter datasets" placeholder="Filter" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />}
        {upload && !upload.error && <span role="status" className={classes.soft}>{upload.share < 1 ? `Uploading ${upload.file}` : `Reading ${upload.file}`}</span>}
      </div>
      {upload?.error && <Failure error={{ words: `${upload.file}: ${upload.error.words}`, remedy: upload.error.remedy }} />}
      <div className={classes.list}>
        {shown.map((dataset) => (
          <label key={dataset.id} className={classes.row}>
            <input type="radio" name="dataset" checked={dataset.id === chosen?.id} onChange={() => onChoose(dataset)} />
            <span className={classes.name}>{titleOf(dataset)}</span>
            <span className={classes.soft}>{counted(dataset.rows, 'row')} × {counted(dataset.columns.length, 'column')}{dataset.sample && ' · Sample'}</span>
          </label>
        ))}
        {shown.length === 0 && <p className={classes.none}>No dataset matches.</p>}
      </div>
      {notes.length > 0 && <div key={chosen?.id} className={classes.notes} role="status" aria-label="How the file was read"><Notes notes={notes} /></div>}
    </fieldset>
  )
}
