/** Parallel coordinates: each trial of a search as a line over its settings and its score. */
import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { pathOf, placedLines, ticksOf } from '../../core/data/parallel'
import type { ParallelBlock, TableBlock } from '../../core/data/reports'
import classes from './report.module.css'
import { ReportTable } from './ReportTable'

/** The lines are stretched to their box. */
const UNITS = 1000
const MOST_TICKS = 6

/** The same as a table, the best first: to read with the keyboard and with a screen reader. */
const asTable = ({ title, axes, lines }: ParallelBlock, order: string[]): TableBlock => ({
  type: 'table', title, columns: ['Trial', ...axes.map((axis) => axis.title)],
  rows: order.flatMap((name) => lines.filter((line) => line.name === name).map((line) => [line.name, ...line.values])),
})

export function Parallel({ block }: { block: ParallelBlock }) {
  const [asRows, setAsRows] = useState(false)
  const [shown, setShown] = useState<string | null>(null)
  const lines = useMemo(() => placedLines(block), [block])
  const ticks = useMemo(() => ticksOf(block), [block])
  const best = lines.at(-1)
  const one = lines.find(({ name }) => name === shown) ?? best
  if (asRows) {
    return (
      <>
        <ReportTable block={asTable(block, lines.map(({ name }) => name).reverse())} />
        <Button mt={4} size="compact-xs" variant="subtle" onClick={() => setAsRows(false)}>Show as lines</Button>
      </>
    )
  }
  const left = (axis: number) => `${(axis / Math.max(ticks.length - 1, 1)) * 100}%`
  return (
    <>
      <header className={classes.title}>{block.title}<Button size="compact-xs" variant="subtle" onClick={() => setAsRows(true)}>Show as table</Button></header>
      <div className={classes.parallel}>
        <svg role="img" aria-label={block.description}>
          {ticks.map((_, axis) => <line key={axis} className={classes.axis} x1={left(axis)} x2={left(axis)} y1="0" y2="100%" />)}
          <svg viewBox={`0 0 ${UNITS} ${UNITS}`} preserveAspectRatio="none" width="100%" height="100%" overflow="visible" onMouseLeave={() => setShown(null)}>
            {lines.map(({ name, at, rank }) => <path key={name} d={pathOf(at, UNITS)} style={{ '--rank': rank } as React.CSSProperties} data-best={name === best?.name || undefined} />)}
            {lines.map(({ name, at }) => <path key={name} d={pathOf(at, UNITS)} data-hit onMouseEnter={() => setShown(name)} />)}
            {shown && one && <path d={pathOf(one.at, UNITS)} data-shown style={{ pointerEvents: 'none' }} />}
          </svg>
        </svg>
        {ticks.map(({ title }, axis) => <span key={title} className={classes.parallelAxis} style={{ left: left(axis) }} title={title} aria-hidden>{title}</span>)}
        {ticks.flatMap(({ title, ticks: found }, axis) => found.slice(0, MOST_TICKS).map(({ at, words }) => (
          <span key={`${title} ${words}`} className={classes.parallelEnd} style={{ left: left(axis), top: `calc(${(1 - at) * 100}% - 7px)` }} aria-hidden>{words}</span>
        )))}
      </div>
      {one && <p className={classes.parallelWords}>{one === best ? 'Best: ' : ''}{one.name}. {one.words}.</p>}
    </>
  )
}
