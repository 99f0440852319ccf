import { TableChart } from '../../features/data'
import { DatasetPage as Dataset } from '../../features/datasets'
import { Shell } from '../Shell'

/** One dataset: its rows, columns and charts. */
export default function DatasetPage({ id }: { id: string }) {
  return <Shell><Dataset id={id} chart={(props) => <TableChart {...props} />} /></Shell>
}
