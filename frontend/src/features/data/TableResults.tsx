import { SegmentedControl } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useSearchParams } from 'wouter'
import { askedOf } from '../../core/data/tables'
import type { TablePlace } from '../../server/rest'
import type { ResultProps } from '../../state/contributions'
import { useDownloads } from '../../state/downloads'
import { useTableSource } from '../../state/tableSource'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { LineageLink } from '../../ui/LineageLink'
import { ColumnCards, TableView } from '../../ui/table'
import { TableChart } from './TableChart'

const VIEWS = [{ value: 'rows', label: 'Rows' }, { value: 'columns', label: 'Columns' }, { value: 'chart', label: 'Chart' }] as const
type View = (typeof VIEWS)[number]['value']

interface Props {
  place: TablePlace
  digest: string
  /** Null until they are counted. */
  rows: number | null
  label: string
  lead: ReactNode
}

/** A table as rows, columns or a chart: an output of a run, or a version of a dataset. */
export function Table({ place, digest, rows, label, lead }: Props) {
  const [view, setView] = useState<View>('rows')
  const [query] = useSearchParams()
  const source = useTableSource(place, digest)
  const downloads = useDownloads('table', place)
  const actions = <><SegmentedControl size="xs" value={view} onChange={setView} data={[...VIEWS]} aria-label="View" />{'run' in place && <LineageLink of={`run:${place.run}/${place.node}.${place.port}`} />}<DownloadMenu compact choices={downloads} /></>
  if (view === 'columns') return <ColumnCards profile={source.profile} lead={lead} actions={actions} />
  if (view === 'chart') return <TableChart place={place} digest={digest} rows={rows ?? source.profile?.rows ?? 0} lead={lead} actions={actions} />
  const asked = 'run' in place ? askedOf(query, `${place.node}.${place.port}`) : undefined
  return <TableView source={source} label={`Rows of ${label}`} lead={lead} actions={actions} asked={asked} />
}

export function TableResults({ place, output, label, lead }: ResultProps) {
  return <Table place={place} digest={output.digest} rows={output.rows} label={label} lead={lead} />
}
