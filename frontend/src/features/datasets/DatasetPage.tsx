import { SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { asApiError, getDataset, type TablePlace } from '../../server/rest'
import { useDownloads } from '../../state/downloads'
import { useImports } from '../../state/imports'
import { useTableSource } from '../../state/tableSource'
import { useEnter } from '../../state/workspace'
import { titleOf, versionOf, type Dataset } from '../../core/data/datasets'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Failure } from '../../ui/Failure'
import { NotFound } from '../../ui/NotFound'
import { PageHead } from '../../ui/Page'
import { ColumnCards, TableView } from '../../ui/table'
import { DatasetHead } from './DatasetHead'
import classes from './datasets.module.css'
import { Uploads } from './Uploads'

interface Props {
  id: string
  /** Renders charts of a table: provided by another feature. */
  chart: (props: { place: TablePlace; digest: string; rows: number; actions: ReactNode }) => ReactNode
}

/** One dataset: its rows and columns, its versions, and its actions. */
export function DatasetPage({ id, chart }: Props) {
  const dataset = useQuery({ queryKey: ['dataset', id], queryFn: () => getDataset(id) })
  const imports = useImports(dataset.data?.workspace ?? undefined)
  const [version, setVersion] = useState<number | null>(null)
  useEnter(dataset.data?.workspace)
  if (asApiError(dataset.error).status === 404) return <NotFound what="Dataset"><Link href="/datasets">All datasets</Link></NotFound>
  if (dataset.error) return <div className={classes.page}><Failure error={asApiError(dataset.error)} onRetry={() => void dataset.refetch()} /></div>
  if (!dataset.data || imports.isLoading) return <Loading /> // what is imported stands above the rows
  const shown = version ?? dataset.data.version
  return (
    <div className={classes.page}>
      <DatasetHead dataset={dataset.data} version={shown} onVersion={setVersion} />
      <Uploads dataset={id} />
      <div className={classes.content}><Contents key={shown} dataset={dataset.data} version={shown} chart={chart} /></div>
    </div>
  )
}

function Loading() {
  return (
    <div className={classes.page} aria-busy>
      <PageHead title={<Skeleton h={20} w={240} my={6} />} facts={<Skeleton h={12} w={320} my={4} />} />
      <div className={classes.content} />
    </div>
  )
}

const VIEWS = [{ value: 'rows', label: 'Rows' }, { value: 'columns', label: 'Columns' }, { value: 'chart', label: 'Chart' }]

function Contents({ dataset, version, chart }: { dataset: Dataset; version: number; chart: Props['chart'] }) {
  const [view, setView] = useState('rows')
  const place = { dataset: dataset.id, version }
  const source = useTableSource(place, String(version))
  const downloads = useDownloads('table', place)
  const actions = <><SegmentedControl size="xs" data={VIEWS} value={view} onChange={setView} aria-label="View" /><DownloadMenu choices={downloads} /></>
  if (view === 'columns') return <ColumnCards profile={source.profile} actions={actions} />
  if (view === 'chart') return chart({ place, digest: String(version), rows: versionOf(dataset, version)?.rows ?? dataset.rows, actions })
  return <TableView source={source} label={`Rows of ${titleOf(dataset)}`} actions={actions} />
}
