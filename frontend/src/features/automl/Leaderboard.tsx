import { Button } from '@mantine/core'
import { IconTrophy } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { metric as metricWords } from '../../core/base/numbers'
import type { Candidate, MetricOf } from '../../core/runs/candidates'
import { Empty } from '../../ui/Empty'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { StateMark } from '../../ui/StateMark'
import { Tile } from '../../ui/Tile'
import type { Opens } from './CandidateActions'
import { CandidateDetails, CandidateRow } from './CandidateRow'
import { Interval, rangeOf } from './Interval'
import classes from './search.module.css'

const SHOWN = 12
const COLUMNS = 7

interface Props {
  /** The trials are not known yet. */
  loading: boolean
  candidates: Candidate[]
  metric: MetricOf | null
  going: boolean
  /** The blend of several, once it is known. */
  winner: { name: string; value: number; error: number | null } | null
  weights: { name: string; weight: number }[]
  /** What models are judged on. */
  parts: 'fold' | 'origin'
  /** Further metrics of models, by their names. */
  others: Record<string, Record<string, number>>
  /** What a model becomes. */
  opens: Opens
}

/** Every model that was tried, the best first. */
export function Leaderboard({ loading, candidates, metric, going, winner, weights, parts, others, opens }: Props) {
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState<number | null>(null)
  const range = rangeOf(candidates, winner)
  const best = candidates[0]?.score != null ? candidates[0] : null
  const shown = all ? candidates : candidates.slice(0, SHOWN)
  const first = winner ? 2 : 1
  const sum = weights.reduce((before, { weight }) => before + weight, 0)
  const shareOf = (name: string) => {
    const found = weights.length > 1 ? weights.find((each) => each.name === name) : undefined
    return found && found.weight / sum
  }
  if (loading) return <section className={classes.box} aria-label="Leaderboard"><ListSkeleton /></section>
  if (candidates.length === 0) return <section className={classes.box} aria-label="Leaderboard"><Empty title={going ? 'The first models are being trained' : 'No model was tried'} icon={IconTrophy}>{going && 'They appear here as they end, the best first.'}</Empty></section>
  return (
    <section className={classes.box} aria-label="Leaderboard">
      <p className="visually-hidden" role="status">{best?.score != null && metric ? `Best so far: ${best.name}, ${metric.title} ${metricWords(best.score)}` : ''}</p>
      <div className={classes.scroller} tabIndex={0} role="region" aria-label="Models">
        <table className={classes.board}>
          <thead>
            <tr>
              <th scope="col" data-number>#</th><th scope="col">Model</th><th scope="col" data-number>{metric?.title ?? 'Score'}</th>
              <th scope="col" data-wide>{range && <>± one standard error, {metricWords(range.low)} to {metricWords(range.high)}</>}</th>
              <th scope="col">Judged on</th><th scope="col" data-number data-wide>Per row</th><th scope="col" data-number>Seconds</th>
            </tr>
          </thead>
          <tbody>
            {winner && (
              <tr data-best>
                <td data-number>1</td>
                <th scope="row"><span className={classes.name}><Tile icon="stack-2" hue={275} size={28} /><span><b>{winner.name}</b> <span className={classes.chip}>best</span><small>{weights.map(({ name }) => name).join(', ')}</small></span></span></th>
                <td data-number className="figures"><b>{metricWords(winner.value)}</b>{winner.error !== null && <small>± {metricWords(winner.error)}</small>}</td>
                <td data-wide>{range && <Interval value={winner.value} error={winner.error} range={range} best />}</td>
                <td><span className={classes.state}><StateMark state="done" size={14} />Same {parts}s</span></td><td data-number data-wide>–</td><td data-number>–</td>
              </tr>
            )}
            {shown.map((each, at) => (
              <Fragment key={each.number}>
                <CandidateRow
                  candidate={each} parts={parts} going={going} rank={each.score === null ? null : at + first} range={range} best={each === best && !winner}
                  weight={weights.length > 1 ? weights.find(({ name }) => name === each.name)?.weight : undefined} open={open === each.number} onOpen={() => setOpen(open === each.number ? null : each.number)}
                />
                {open === each.number && <tr><td colSpan={COLUMNS} className={classes.more}><CandidateDetails candidate={each} metric={metric} parts={parts} share={shareOf(each.name)} others={others[each.name] ?? {}} opens={opens} /></td></tr>}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {candidates.length > SHOWN && <Button m={8} size="compact-sm" variant="subtle" onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${candidates.length} models`}</Button>}
    </section>
  )
}
