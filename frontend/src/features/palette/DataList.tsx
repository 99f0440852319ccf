import { Skeleton, Text } from '@mantine/core'
import { inOrder, matchesSearch, titleOf } from '../../core/data/datasets'
import { counted } from '../../core/base/numbers'
import { useCatalogue } from '../../state/catalogue'
import { useOfferedDatasets } from '../../state/datasets'
import { ModuleRow } from '../../ui/ModuleRow'
import { Draggable } from './Draggable'

export function DataList({ query }: { query: string }) {
  const hue = useCatalogue().hue('data')
  const { data, isPending, isError } = useOfferedDatasets()
  if (isPending) return [1, 2, 3].map((at) => <Skeleton key={at} h={28} m={8} />)
  if (isError) return <Text fz={13} c="dimmed" p="sm">The datasets could not be loaded. Reload the page to try again.</Text>
  const found = inOrder(data).filter((dataset) => matchesSearch(dataset, query))
  if (found.length === 0) return <Text fz={13} c="dimmed" p="sm">{query ? `No dataset matches “${query}”.` : 'No datasets yet. Upload a CSV, Parquet or Excel file.'}</Text>
  return found.map((dataset) => (
    <Draggable key={dataset.id} module="data.dataset" params={{ dataset: dataset.name }} title={titleOf(dataset)} hint={dataset.source || titleOf(dataset)}>
      <ModuleRow title={titleOf(dataset)} summary={`${dataset.sample ? 'Sample, ' : ''}${counted(dataset.rows, 'row')}, ${counted(dataset.columns.length, 'column')}`} icon="database" hue={hue} />
    </Draggable>
  ))
}
