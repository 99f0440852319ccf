import classes from './report.module.css'

const COLOURS = 6
/** As in the charts: ui/chart/secondMark.ts. */
const DASHES = ['', '6 3', '2 4', '8 3 2 3', '10 4', '1 3']

/** The line of a series, as charts draw it. */
export function SeriesMark({ index }: { index: number }) {
  const place = index % COLOURS
  return <svg width="18" height="10" aria-hidden className={classes.seriesMark}><path d="M1 5H17" style={{ stroke: `var(--series-${place + 1})`, strokeDasharray: DASHES[place] }} /></svg>
}
