import { TableChart } from '../../features/data'
import { DatasetPage as Dataset } from '../../features/datasets'

/** One dataset: its rows, columns and charts. */
export default function DatasetPage({ id }: { id: string }) {
  return <Dataset id={id} chart={(props) => <TableChart {...props} />} />
}
