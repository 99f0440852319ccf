import { Button, TextInput } from '@mantine/core'
import { IconCloudDownload, IconDatabase, IconSearch, IconSearchOff } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { inOrder, kindCounts, matchesSearch, titleOf, versionOf, type Dataset, type Reading } from '../../core/data/datasets'
import { bytes, count } from '../../core/base/numbers'
import { mayEdit, type Workspace } from '../../core/team/people'
import { datasetsQuery } from '../../state/datasets'
import { useImports } from '../../state/imports'
import { send } from '../../state/uploads'
import { Box } from '../../ui/Box'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { Timestamp } from '../../ui/Timestamp'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Page } from '../../ui/Page'
import { KindIcon } from '../../ui/table'
import { UploadButton } from '../../ui/UploadButton'
import classes from './datasets.module.css'
import { DropZone } from './DropZone'
import { ImportForm } from './ImportForm'
import { Imports } from './Imports'
import { Uploads } from './Uploads'

/** The workspace's datasets and the shared samples. */
export default function DatasetsPage({ workspace }: { workspace: Workspace }) {
  const [search, setSearch] = useState('')
  const [importing, setImporting] = useState(false)
  const imports = useImports(workspace.id)
  const queries = useQueryClient()
  const datasets = useQuery(datasetsQuery(workspace.id))
  const sendAll = async (files: File[], reading?: Reading) => {
    await Promise.all(files.map((file) => send(file, { workspace: workspace.id, reading })))
    await queries.invalidateQueries({ queryKey: ['datasets'] })
  }
  const edits = mayEdit(workspace)
  const actions = (
    <>
      <TextInput type="search" w={220} aria-label="Filter datasets" placeholder="Filter by name or source" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      {edits && <Button variant="default" leftSection={<IconCloudDownload size={16} stroke={1.6} />} onClick={() => setImporting(true)}>Import from outside</Button>}
      {edits && <UploadButton label="Upload" multiple onFiles={(files, reading) => void sendAll(files, reading)} />}
    </>
  )
  const page = (
    <Page title="Datasets" actions={actions}>
      <Uploads dataset={null} />
      {imports.isLoading
        ? <ListSkeleton />
        : (
            <>
              <Imports imports={imports.data ?? []} edits={edits} />
              <QueryBoundary query={datasets}>{(all) => <Datasets datasets={all.filter((one) => matchesSearch(one, search))} any={all.length > 0} edits={edits} />}</QueryBoundary>
            </>
          )}
      {importing && <ImportForm workspace={workspace.id} dataset={null} onClose={() => setImporting(false)} />}
    </Page>
  )
  return edits ? <DropZone words="Drop to upload" onFiles={(files) => void sendAll(files)}>{page}</DropZone> : page
}

function Datasets({ datasets, any, edits }: { datasets: Dataset[]; any: boolean; edits: boolean }) {
  if (datasets.length === 0) {
    if (!any && !edits) return <Box><Empty title="No datasets yet" icon={IconDatabase}>An editor of the workspace can upload one.</Empty></Box>
    return any ? <Box><Empty title="No dataset matches" icon={IconSearchOff}>The filter searches titles, names and sources.</Empty></Box>
      : <Box><Empty title="No datasets yet" icon={IconDatabase}>Drop a CSV, Parquet or Excel file here, press Upload, or import one from an address, a database or a bucket. Then drag it onto a pipeline from the palette.</Empty></Box>
  }
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead>
          <tr>
            <th scope="col">Name</th><th scope="col" data-wide>Name in pipelines</th><th scope="col" data-number>Rows</th><th scope="col" data-number>Columns</th><th scope="col" data-wider>Types</th>
            <th scope="col" data-number data-wide>Size</th><th scope="col" data-number data-wider>Version</th><th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(datasets).map((dataset) => (
            <tr key={dataset.id}>
              <td data-name>
                <span className={classes.name}>
                  <Link href={`/datasets/${dataset.id}`}>{titleOf(dataset)}</Link>
                  {dataset.sample && <span className={classes.chip}>Sample</span>}
                </span>
              </td>
              <td data-wide className={classes.code}>{dataset.name}</td>
              <td data-number>{count(dataset.rows)}</td>
              <td data-number>{count(dataset.columns.length)}</td>
              <td data-wider><Kinds dataset={dataset} /></td>
              <td data-number data-wide>{bytes(dataset.bytes)}</td>
              <td data-number data-wider>{dataset.version}</td>
              <td className={list.soft}><Timestamp at={versionOf(dataset, dataset.version)?.created_at ?? dataset.created_at} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** How many columns there are of each type. */
function Kinds({ dataset }: { dataset: Dataset }) {
  return <span className={classes.kinds}>{kindCounts(dataset).map(([kind, columns]) => <span key={kind}><KindIcon kind={kind} />{count(columns)}</span>)}</span>
}
