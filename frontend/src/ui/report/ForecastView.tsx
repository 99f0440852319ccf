import { Button, Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import { count, figure } from '../../core/base/numbers'
import { headOf, plotOf, rowAt, UNITS } from '../../core/data/forecast'
import type { ForecastBlock, ForecastSeries } from '../../core/data/reports'
import classes from './report.module.css'
import { ReportTable } from './ReportTable'
import { SeriesMark } from './SeriesMark'

/** How many names the list of the picker shows at once; the others are found by typing. */
const LISTED = 50

/** Series with their forecasts: one at a time, chosen by name, as a chart or as a table. */
export function ForecastView({ block }: { block: ForecastBlock }) {
  const { series, total, chosen, title, time, value } = block
  const [shown, setShown] = useState(0)
  const [asTable, setAsTable] = useState(false)
  const one = series[shown]
  if (!one) return <header className={classes.title}>{title}</header>
  const data = series.map(({ name }, index) => ({ value: String(index), label: name }))
  const rows = asTable ? one.times.map((_, place) => rowAt(one, place)).reverse() : []
  return (
    <>
      <header className={classes.title}>
        {title}
        <Button size="compact-xs" variant="subtle" color="gray" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>{asTable ? 'Show the chart' : 'Show as a table'}</Button>
      </header>
      <div className={classes.picker}>
        <Select size="xs" w={280} aria-label="Series" searchable selectFirstOptionOnChange allowDeselect={false} limit={LISTED} nothingFoundMessage="No series has this name." data={data} value={String(shown)} onChange={(next) => setShown(Number(next ?? 0))} />
        <Button size="compact-xs" variant="default" disabled={shown === 0} onClick={() => setShown(shown - 1)}>Previous</Button>
        <Button size="compact-xs" variant="default" disabled={shown === series.length - 1} onClick={() => setShown(shown + 1)}>Next</Button>
        {series.length > LISTED && <span className={classes.hint}>Type a part of a name to find it.</span>}
        <span className={classes.hint}>{total > series.length ? `${count(series.length)} of ${count(total)} series are here: ${chosen}.` : `${count(shown + 1)} of ${count(total)} series`}</span>
      </div>
      {asTable ? <ReportTable key={shown} block={{ type: 'table', title: one.name, columns: headOf(time, value, one), rows }} /> : <ForecastPlot key={shown} series={one} head={headOf(time, value, one)} />}
    </>
  )
}

function ForecastPlot({ series, head }: { series: ForecastSeries; head: string[] }) {
  const plot = useMemo(() => plotOf(series), [series])
  const last = series.times.length - 1
  const [place, setPlace] = useState(series.start)
  const row = rowAt(series, place)
  const words = head.flatMap((name, index) => (row[index] === null ? [] : [`${name} ${typeof row[index] === 'number' ? figure(row[index]) : row[index]}`])).join(' · ')
  const x = `${(place / Math.max(1, last)) * 100}%`
  const move = (event: React.KeyboardEvent) => {
    const next = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: last }[event.key]
    if (next === undefined) return
    event.preventDefault()
    setPlace(Math.min(last, Math.max(0, next)))
  }
  const point = ({ clientX, currentTarget }: React.PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect()
    setPlace(Math.min(last, Math.max(0, Math.round(((clientX - left) / width) * last))))
  }
  return (
    <>
      <div className={classes.legend} aria-hidden>
        <span className={classes.series}><SeriesMark index={0} />{head[1]}</span>
        <span className={classes.series}><SeriesMark index={1} />Forecast{series.bands.length > 0 && ' and intervals'}</span>
      </div>
      <div className={classes.forecast}>
        <svg tabIndex={0} role="img" aria-label={`${series.name}: history and forecast. Left and right arrows, Home and End read the values. ${words}`} onKeyDown={move} onPointerMove={point}>
          <line className={classes.axis} x1="0" x2="100%" y1="100%" y2="100%" />
          <svg viewBox={`0 0 ${UNITS} ${UNITS}`} preserveAspectRatio="none" width="100%" height="100%" overflow="visible">
            {plot.bands.map((path, index) => <path key={index} data-line="band" d={path} />)}
            <path data-line="history" d={plot.history} />
            <path data-line="forecast" d={plot.forecast} />
          </svg>
          <line className={classes.current} x1={x} x2={x} y1="0" y2="100%" />
        </svg>
        {[plot.high, (plot.high + plot.low) / 2, plot.low].map((level, index) => <span key={index} className={classes.level} style={{ top: `${index * 50}%` }} aria-hidden>{figure(level, 3)}</span>)}
        {[0, 0.5, 1].map((share) => <span key={share} className={classes.tick} style={{ left: `${share * 100}%` }} aria-hidden>{series.times[Math.round(share * last)]}</span>)}
      </div>
      <p className={classes.hint} aria-live="polite">{words}</p>
    </>
  )
}
