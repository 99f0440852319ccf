import type { ReactNode } from 'react'
import type { Run } from '../../core/runs/runs'
import classes from './compare.module.css'

/** The runs to compare, as columns: each with its name and its colour. */
export interface Columns {
  runs: Run[]
  heads: string[]
  baseline: number
}

const COLOURS = 6

/** The colour and the shape of a run, as in the charts. */
export function Swatch({ place }: { place: number }) {
  return <span className={classes.swatch} data-place={place % COLOURS} style={{ background: `var(--series-${(place % COLOURS) + 1})` }} aria-hidden />
}

export function RunHeads({ columns: { heads, runs, baseline }, numbers = false, first }: { columns: Columns; numbers?: boolean; first: ReactNode }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {runs.map(({ id, started_by }, place) => (
          <th key={id} scope="col" data-number={numbers || undefined}>
            <span className={classes.run}><Swatch place={place} />{heads[place]}</span>
            <span className={classes.by}>{[started_by, place === baseline && 'baseline'].filter(Boolean).join(' · ')}</span>
          </th>
        ))}
      </tr>
    </thead>
  )
}
