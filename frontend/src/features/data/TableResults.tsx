import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { ResultProps } from '../../state/contributions'
import { useDownloads } from '../../state/downloads'
import { useTableSource } from '../../state/tableSource'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { ColumnCards, TableView } from '../../ui/table'
import { TableChart } from './TableChart'

const VIEWS = [{ value: 'rows', label: 'Rows' }, { value: 'columns', label: 'Columns' }, { value: 'chart', label: 'Chart' }] as const
type View = (typeof VIEWS)[number]['value']

export function TableResults({ place, output, label, lead }: ResultProps) {
  const [view, setView] = useState<View>('rows')
  const source = useTableSource(place, output.digest)
  const downloads = useDownloads(output.kind, place)
  const actions = <><SegmentedControl size="xs" value={view} onChange={setView} data={[...VIEWS]} aria-label="View" /><DownloadMenu compact choices={downloads} /></>
  if (view === 'columns') return <ColumnCards profile={source.profile} lead={lead} actions={actions} />
  if (view === 'chart') return <TableChart place={place} digest={output.digest} rows={output.rows ?? source.profile?.rows ?? 0} lead={lead} actions={actions} />
  return <TableView source={source} label={`Rows of ${label}`} lead={lead} actions={actions} />
}
