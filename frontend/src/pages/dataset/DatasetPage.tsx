import { useEffect } from 'react'
import { TableChart } from '../../features/data'
import { DatasetPage as Dataset } from '../../features/datasets'
import { loadCatalogue } from '../../state/catalogue'

/** One dataset: its rows, columns and charts. */
export default function DatasetPage({ id }: { id: string }) {
  useEffect(() => void loadCatalogue(), [])
  return <Dataset id={id} chart={(props) => <TableChart {...props} />} />
}
