import { Button, UnstyledButton } from '@mantine/core'
import { IconChevronRight, IconTrophy } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { duration, metric as metricWords } from '../../core/base/numbers'
import { scoreWords, settingsWords, type Candidate, type CandidateState, type MetricOf } from '../../core/runs/candidates'
import { useCatalogue } from '../../state/catalogue'
import { Empty } from '../../ui/Empty'
import { Sparkline } from '../../ui/Sparkline'
import { StateMark, type MarkState } from '../../ui/StateMark'
import { Tile } from '../../ui/Tile'
import { Interval, rangeOf } from './Interval'
import classes from './search.module.css'

const SHOWN = 20
const COLUMNS = 7

const WORDS: Record<CandidateState, [MarkState, (folds: number) => string]> = {
  done: ['done', (folds) => `${folds} ${folds === 1 ? 'fold' : 'folds'}`], running: ['running', () => 'Running'], part: ['skipped', () => 'Not continued'],
  stopped: ['skipped', () => 'Given up'], failed: ['failed', () => 'Failed'],
}

interface Props {
  candidates: Candidate[]
  metric: MetricOf | null
  going: boolean
  /** The blend of several, once it is known. */
  winner: { name: string; value: number; error: number | null } | null
  weights: { name: string; weight: number }[]
}

/** Every model that was tried, the best first. */
export function Leaderboard({ candidates, metric, going, winner, weights }: Props) {
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState<number | null>(null)
  const range = rangeOf(candidates, winner)
  const best = candidates[0]?.score != null ? candidates[0] : null
  const shown = all ? candidates : candidates.slice(0, SHOWN)
  const first = winner ? 2 : 1
  if (candidates.length === 0) return <section className={classes.box} aria-label="Leaderboard"><Empty title={going ? 'The first models are being trained' : 'No model was tried'} icon={IconTrophy}>{going && 'They appear here as they end, the best first.'}</Empty></section>
  return (
    <section className={classes.box} aria-label="Leaderboard">
      <p className="visually-hidden" role="status">{best?.score != null && metric ? `Best so far: ${best.name}, ${metric.title} ${metricWords(best.score)}` : ''}</p>
      <div className={classes.scroller} tabIndex={0} role="region" aria-label="Models">
        <table className={classes.board}>
          <thead>
            <tr>
              <th scope="col" data-number>#</th><th scope="col">Model</th><th scope="col" data-number>{metric?.title ?? 'Score'}</th>
              <th scope="col" data-wide>{range && <>± one error, {metricWords(range.low)} to {metricWords(range.high)}</>}</th>
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
                <td><span className={classes.state}><StateMark state="done" size={14} />Same folds</span></td><td data-number data-wide>–</td><td data-number>–</td>
              </tr>
            )}
            {shown.map((each, at) => (
              <Fragment key={each.number}>
                <Row
                  candidate={each} rank={each.score === null ? null : at + first} range={range} best={each === best && !winner}
                  weight={weights.length > 1 ? weights.find(({ name }) => name === each.name)?.weight : undefined} open={open === each.number} onOpen={() => setOpen(open === each.number ? null : each.number)}
                />
                {open === each.number && <tr><td colSpan={COLUMNS} className={classes.more}><Details candidate={each} metric={metric} /></td></tr>}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {candidates.length > SHOWN && <Button m={8} size="compact-sm" variant="subtle" onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${candidates.length} models`}</Button>}
    </section>
  )
}

interface RowProps {
  candidate: Candidate
  /** Its place; null without a score. */
  rank: number | null
  range: { low: number; high: number } | null
  best: boolean
  weight: number | undefined
  open: boolean
  onOpen: () => void
}

function useTitles(module: string) {
  const { module: moduleOf, hue } = useCatalogue()
  const found = moduleOf(module)
  const titleOf = (name: string) => (found?.params.find((param) => param.name === name)?.title ?? name.replaceAll('_', ' ')).toLowerCase()
  return { icon: found?.icon, hue: hue(module.split('.')[0] ?? ''), titleOf }
}

function Row({ candidate, rank, range, best, weight, open, onOpen }: RowProps) {
  const { icon, hue, titleOf } = useTitles(candidate.module)
  const { name, score, error, settings, state, folds, predict, seconds, why, stages } = candidate
  const [mark, words] = WORDS[state]
  const last = stages.at(-1)
  return (
    <tr data-best={best || undefined} data-state={state}>
      <td data-number className="figures">{rank ?? ''}</td>
      <th scope="row">
        <UnstyledButton className={classes.name} aria-expanded={open} onClick={onOpen}>
          <Tile icon={icon} hue={hue} size={28} />
          <span>
            <b>{name}</b> {best && <span className={classes.chip}>best</span>} {weight !== undefined && <span className={classes.chip} data-quiet>in the blend</span>}
            <small>{settingsWords(settings, titleOf)}</small>
          </span>
          <IconChevronRight size={14} className={classes.turn} aria-hidden />
        </UnstyledButton>
      </th>
      <td data-number className="figures">{score === null ? '–' : <><b>{metricWords(score)}</b>{error !== null && <small>± {metricWords(error)}</small>}</>}</td>
      <td data-wide>{score !== null && range && <Interval value={score} error={error} range={range} best={best} />}</td>
      <td title={why || undefined}><span className={classes.state}><StateMark state={mark} size={14} />{words(folds)}</span>{state !== 'done' && last && <small>{last.where}</small>}</td>
      <td data-number data-wide className="figures">{predict === null ? '–' : `${(1000 * predict).toPrecision(2)}\u00a0ms`}</td>
      <td data-number className="figures">{seconds ? duration(seconds) : '–'}</td>
    </tr>
  )
}

/** The learning curve of a model: its score on more and more rows, and what each trial took. */
function Details({ candidate, metric }: { candidate: Candidate; metric: MetricOf | null }) {
  const { titleOf } = useTitles(candidate.module)
  const known = candidate.stages.flatMap(({ value }) => (value === null ? [] : [value]))
  return (
    <div className={classes.details}>
      <div>
        <table>
          <thead><tr><th scope="col">Trained on</th><th scope="col" data-number>{metric?.title ?? 'Score'}</th><th scope="col" data-number>Seconds</th></tr></thead>
          <tbody>
            {candidate.stages.map(({ where, value, seconds, state }) => (
              <tr key={where}><td><StateMark state={state} size={14} /> {where}</td><td data-number className="figures">{value === null ? '–' : metricWords(value)}</td><td data-number className="figures">{seconds === null ? '–' : duration(seconds)}</td></tr>
            ))}
          </tbody>
        </table>
        {known.length > 1 && <figure><Sparkline values={known} label={`Learning curve of ${candidate.name}: ${known.map(metricWords).join(', ')}`} /><figcaption>Learning curve</figcaption></figure>}
      </div>
      {candidate.why && <p>{candidate.why}</p>}
      <p className={classes.soft}>{settingsWords(candidate.settings, titleOf) || 'All settings have their defaults.'}{candidate.score !== null && ` · ${scoreWords(candidate.score, candidate.error)}`}</p>
    </div>
  )
}
