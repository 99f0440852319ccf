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
  /** At the start of the toolbar: which table this is. */
  lead?: ReactNode
  actions: ReactNode
}

/** Charts of a table on demand: choose columns at the side, see the chart. */
export function TableChart({ place, digest, rows, lead, actions }: Props) {
  const query = useQuery({ queryKey: ['sample', place, digest], queryFn: () => sample(place, rows), staleTime: Infinity })
  return (
    <div className={classes.explorer}>
      <div className={classes.bar}>
        {lead}
        <span className={classes.count}>{query.data && <Sampled page={query.data} />}</span>
        <span className={classes.space} />
        {actions}
      </div>
      <div className={classes.plot}>
        {query.error ? <div className={classes.padded}><Failure error={asApiError(query.error)} onRetry={() => void query.refetch()} /></div>
          : query.isPending ? <Center h="100%"><Loader size="sm" /></Center>
            : !query.data?.columns.length ? <Empty title="No rows to plot" /> : <Explorer page={query.data} />}
      </div>
    </div>
  )
}

function Sampled({ page }: { page: RowsPage }) {
  return page.rows.length < page.total ? <><b>{count(page.rows.length)}</b> of {counted(page.total, 'row')}, evenly sampled</> : <><b>{count(page.total)}</b> {page.total === 1 ? 'row' : 'rows'}</>
}

function Explorer({ page }: { page: RowsPage }) {
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
      size="xs" label={label} value={names[part]} disabled={together} onChange={(event) => setNames({ ...names, [part]: event.currentTarget.value })}
      data={[...(none ? [{ value: '', label: none }] : []), ...columns.map(({ name }) => ({ value: name, label: name }))]}
    />
  )
  return (
    <div className={classes.sides}>
      <div className={classes.controls} role="group" aria-label="What the chart shows">
        {pick('x', 'X axis', null)}
        {pick('y', 'Y axis', 'Number of rows')}
        {pick('color', 'Colour', 'None', colors)}
        {numbers.length > 1 && <Switch size="xs" label="Correlations" checked={together} onChange={(event) => setTogether(event.currentTarget.checked)} />}
      </div>
      <div className={classes.chart}>{chart && <Chart title={chart.words} description={chart.words} spec={chart.spec} shape={together ? 'wide' : 'fill'} />}</div>
    </div>
  )
}
