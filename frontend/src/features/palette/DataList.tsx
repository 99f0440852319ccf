import { IconCloudOff, IconDatabase, IconSearch } from '@tabler/icons-react'
import { inOrder, matchesSearch, titleOf, type Dataset } from '../../core/data/datasets'
import { counted } from '../../core/base/numbers'
import { useCatalogue } from '../../state/catalogue'
import { useOfferedDatasets } from '../../state/datasets'
import { useView } from '../../state/view'
import { Empty } from '../../ui/Empty'
import { ModuleRow } from '../../ui/ModuleRow'
import { UploadButton } from '../../ui/UploadButton'
import { Item } from './Item'
import { Loading } from './ModuleList'
import classes from './Palette.module.css'

const sizeOf = ({ rows, columns }: Dataset) => `${counted(rows, 'row')} × ${counted(columns.length, 'column')}`

function Group({ title, datasets }: { title: string; datasets: Dataset[] }) {
  const catalogue = useCatalogue()
  const icon = catalogue.module('data.dataset')?.icon
  if (datasets.length === 0) return null
  return (
    <section>
      <h2 className={classes.heading}>{title}<span className={classes.count}>{datasets.length}</span></h2>
      {datasets.map((dataset) => (
        <div key={dataset.id} className={classes.row} data-hint={titleOf(dataset)} data-words={dataset.source || sizeOf(dataset)}>
          <Item module="data.dataset" params={{ dataset: dataset.name }} title={titleOf(dataset)} description={dataset.source || ''}>
            <ModuleRow title={titleOf(dataset)} summary={sizeOf(dataset)} icon={icon} hue={catalogue.hue('data')} />
          </Item>
        </div>
      ))}
    </section>
  )
}

function Datasets({ query }: { query: string }) {
  const { data, isPending, isError } = useOfferedDatasets()
  if (isPending) return <Loading />
  if (isError) return <Empty failed title="The datasets could not be loaded" icon={IconCloudOff}>Reload the page to try again.</Empty>
  const found = inOrder(data).filter((dataset) => matchesSearch(dataset, query))
  if (found.length === 0) return query ? <Empty title={`No dataset matches “${query}”`} icon={IconSearch}>Try fewer letters.</Empty> : <Empty title="No datasets yet" icon={IconDatabase}>Upload a CSV, Parquet or Excel file.</Empty>
  return (
    <>
      <Group title="Your data" datasets={found.filter(({ sample }) => !sample)} />
      <Group title="Sample data" datasets={found.filter(({ sample }) => sample)} />
    </>
  )
}

export function DataList({ query }: { query: string }) {
  return (
    <>
      <div className={classes.upload}><UploadButton label="Upload data" variant="default" multiple onFiles={(files, reading) => useView.getState().canvas?.upload(files, undefined, reading)} /></div>
      <Datasets query={query} />
    </>
  )
}
