import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { Output } from '../../core/runs'
import { downloadUrl, type TablePlace } from '../../server/rest'
import { tableDownloads, useTableSource } from '../../state/tableSource'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Empty } from '../../ui/Empty'
import { ColumnCards, TableView } from '../../ui/table'
import { PortReport } from './PortReport'

interface Props {
  place: TablePlace
  output: Output
  label: string
}

/** One output, shown by what it is. */
export function PortResults({ place, output, label }: Props) {
  switch (output.kind) {
    case 'table': return <TableResults place={place} output={output} label={label} />
    case 'report': return <PortReport place={place} digest={output.digest} downloads={[{ title: 'Report (JSON)', url: downloadUrl(place, 'json') }]} />
    case 'model':
    case 'transform':
    case 'untrained_model':
      return <PortReport place={place} digest={output.digest} downloads={[{ title: 'Model (skops)', url: downloadUrl(place, 'skops') }]} />
    default:
      return <Empty title="This result has no view yet"><DownloadMenu choices={[{ title: 'As it is', url: downloadUrl(place, 'json') }]} /></Empty>
  }
}

const VIEWS = [{ value: 'rows', label: 'Rows' }, { value: 'columns', label: 'Columns' }] as const
type View = (typeof VIEWS)[number]['value']

function TableResults({ place, output, label }: Props) {
  const [view, setView] = useState<View>('rows')
  const source = useTableSource(place, output.digest)
  const actions = <><SegmentedControl size="xs" value={view} onChange={setView} data={[...VIEWS]} aria-label="View" /><DownloadMenu choices={tableDownloads(place)} /></>
  if (view === 'columns') return <ColumnCards profile={source.profile} actions={actions} />
  return <TableView source={source} label={`Rows of ${label}`} actions={actions} />
}
