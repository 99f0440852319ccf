import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { Output } from '../../core/runs/runs'
import { downloadUrl, type PortPlace } from '../../server/rest'
import { tableDownloads, useTableSource } from '../../state/tableSource'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Empty } from '../../ui/Empty'
import { ColumnCards, TableView } from '../../ui/table'
import { Deferred } from './Deferred'
import { PortReport } from './ReportResults'
import { TableChart } from './TableChart'

interface Props {
  place: PortPlace
  output: Output
  params: Record<string, unknown>
  label: string
}

/** One output, shown by its kind; a deferred one is materialized first. */
export function PortResults(props: Props) {
  if (props.output.deferred) return <Deferred place={props.place}><Shown {...props} /></Deferred>
  return <Shown {...props} />
}

function Shown({ place, output, params, label }: Props) {
  switch (output.kind) {
    case 'table': return <TableResults place={place} output={output} label={label} />
    case 'report':
    case 'transform':
      return <PortReport place={place} digest={output.digest} params={params} downloads={[described(place)]} />
    case 'model':
    case 'untrained_model':
      return <PortReport place={place} digest={output.digest} params={params} downloads={[{ title: 'Model (skops)', url: downloadUrl(place, 'skops') }, described(place)]} />
    default:
      return <Empty title="This kind of result cannot be shown yet" />
  }
}

const described = (place: PortPlace) => ({ title: 'Report (JSON)', url: downloadUrl(place, 'json') })

const VIEWS = [{ value: 'rows', label: 'Rows' }, { value: 'columns', label: 'Columns' }, { value: 'chart', label: 'Chart' }] as const
type View = (typeof VIEWS)[number]['value']

function TableResults({ place, output, label }: Omit<Props, 'params'>) {
  const [view, setView] = useState<View>('rows')
  const source = useTableSource(place, output.digest)
  const actions = <><SegmentedControl size="xs" value={view} onChange={setView} data={[...VIEWS]} aria-label="View" /><DownloadMenu choices={tableDownloads(place)} /></>
  if (view === 'columns') return <ColumnCards profile={source.profile} actions={actions} />
  if (view === 'chart') return <TableChart place={place} digest={output.digest} rows={output.rows ?? source.profile?.rows ?? 0} actions={actions} />
  return <TableView source={source} label={`Rows of ${label}`} actions={actions} />
}
