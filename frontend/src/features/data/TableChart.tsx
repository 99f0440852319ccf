import { Center, Loader, NativeSelect, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { chartOf, colorable, correlations, correlationSpec, sampleOffsets } from '../../core/data/chartSuggestions'
import { count, counted } from '../../core/base/numbers'
import { EVERYTHING, isNumberKind, type Column, type RowsPage } from '../../core/data/tables'
import { asApiError, getRows, type TablePlace } from '../../server/rest'
import { Chart } from '../../ui/chart/Chart'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import classes from './results.module.css'

const WINDOW = 500
const WINDOWS = 10

/** Up to 5,000 rows, spread evenly over the table. */
async function sample(place: TablePlace, total: number): Promise<RowsPage | null> {
  const pages = await Promise.all(sampleOffsets(total, WINDOW, WINDOWS).map((offset) => getRows(place, EVERYTHING, offset, WINDOW)))
  const [first] = pages
  return first ? { ...first, rows: pages.flatMap((page) => page.rows) } : null
}

interface Props {
  place: TablePlace
  digest: string
  rows: number
  actions: ReactNode
}

/** Charts of a table on demand: choose columns, see the chart. */
export function TableChart({ place, digest, rows, actions }: Props) {
  const query = useQuery({ queryKey: ['sample', place, digest], queryFn: () => sample(place, rows), staleTime: Infinity })
  if (query.error) return <div className={classes.padded}><Failure error={asApiError(query.error)} onRetry={() => void query.refetch()} /></div>
  if (query.isPending) return <Center h="100%"><Loader size="sm" /></Center>
  if (!query.data?.columns.length) return <Empty title="No rows to plot" />
  return <Explorer page={query.data} actions={actions} />
}

function Explorer({ page, actions }: { page: RowsPage; actions: ReactNode }) {
  const numbers = page.columns.filter(isNumberKind)
  const [names, setNames] = useState({ x: (numbers[0] ?? page.columns[0])?.name ?? '', y: '', color: '' })
  const [together, setTogether] = useState(false)
  const chart = useMemo(() => {
    if (together) return { spec: correlationSpec(correlations(page), numbers.length), words: 'Correlations of numeric columns' }
    const find = (name: string): Column | null => page.columns.find((column) => column.name === name) ?? null
    const x = find(names.x)
    return x && chartOf({ x, y: find(names.y), color: find(names.color) }, page)
  }, [names, page, numbers.length, together])
  const colors = useMemo(() => colorable(page), [page])
  const pick = (part: 'x' | 'y' | 'color', label: string, none: string | null, columns = page.columns) => (
    <NativeSelect
      size="xs" w={160} aria-label={label} value={names[part]} disabled={together} onChange={(event) => setNames({ ...names, [part]: event.currentTarget.value })}
      data={[...(none ? [{ value: '', label: none }] : []), ...columns.map(({ name }) => ({ value: name, label: `${label}: ${name}` }))]}
    />
  )
  return (
    <div className={classes.explorer}>
      <div className={classes.bar}>
        {pick('x', 'X axis', null)}
        {pick('y', 'Y axis', 'Y axis: number of rows')}
        {pick('color', 'Colour', 'Colour: none', colors)}
        {numbers.length > 1 && <Switch size="xs" label="Correlations" checked={together} onChange={(event) => setTogether(event.currentTarget.checked)} />}
        <span className={classes.note}>{page.rows.length < page.total ? `${count(page.rows.length)} of ${counted(page.total, 'row')}, evenly sampled` : counted(page.total, 'row')}</span>
        {actions}
      </div>
      <div className={classes.chart}>{chart && <Chart title={chart.words} description={chart.words} spec={chart.spec} />}</div>
    </div>
  )
}
