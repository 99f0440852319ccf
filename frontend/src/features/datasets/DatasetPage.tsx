import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asApiError, getDataset } from '../../server/rest'
import { tableDownloads, useTableSource } from '../../state/tableSource'
import { useEnter } from '../../state/workspace'
import { titleOf, type Dataset } from '../../core/datasets'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Failure } from '../../ui/Failure'
import { ColumnCards, TableView } from '../../ui/table'
import { DatasetHead } from './DatasetHead'
import classes from './datasets.module.css'
import { Uploads } from './Uploads'

/** One dataset: its rows and columns, any version, and what may be done with it. */
export function DatasetPage({ id }: { id: string }) {
  const dataset = useQuery({ queryKey: ['dataset', id], queryFn: () => getDataset(id) })
  const [version, setVersion] = useState<number | null>(null)
  useEnter(dataset.data?.workspace)
  if (dataset.error) return <div className={classes.notes}><Failure error={asApiError(dataset.error)} onRetry={() => void dataset.refetch()} /></div>
  if (!dataset.data) return <div className={classes.page} aria-busy />
  const shown = version ?? dataset.data.version
  return (
    <div className={classes.page}>
      <DatasetHead dataset={dataset.data} version={shown} onVersion={setVersion} />
      <div className={classes.notes}><Uploads dataset={id} /></div>
      <div className={classes.content}><Contents key={shown} dataset={dataset.data} version={shown} /></div>
    </div>
  )
}

const VIEWS = [{ value: 'rows', label: 'Rows' }, { value: 'columns', label: 'Columns' }]

function Contents({ dataset, version }: { dataset: Dataset; version: number }) {
  const [view, setView] = useState('rows')
  const place = { dataset: dataset.id, version }
  const source = useTableSource(place, String(version))
  const actions = <><SegmentedControl size="xs" data={VIEWS} value={view} onChange={setView} aria-label="View" /><DownloadMenu choices={tableDownloads(place)} /></>
  if (view === 'columns') return <ColumnCards profile={source.profile} actions={actions} />
  return <TableView source={source} label={`Rows of ${titleOf(dataset)}`} actions={actions} />
}
