import { UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { duration, metric as metricWords } from '../../core/base/numbers'
import { scoreWords, settingsWords, type Candidate, type CandidateState, type MetricOf } from '../../core/runs/candidates'
import { useCatalogue } from '../../state/catalogue'
import { Sparkline } from '../../ui/Sparkline'
import { StateMark, type MarkState } from '../../ui/StateMark'
import { Tile } from '../../ui/Tile'
import { CandidateActions, type Opens } from './CandidateActions'
import { CandidateFacts } from './CandidateFacts'
import { Interval } from './Interval'
import classes from './search.module.css'

const WORDS: Record<CandidateState, [MarkState, (folds: number, parts: string) => string]> = {
  done: ['done', (folds, parts) => `${folds} ${folds === 1 ? parts : `${parts}s`}`], running: ['running', () => 'Running'], part: ['skipped', () => 'Not continued'],
  stopped: ['skipped', () => 'Given up'], late: ['skipped', () => 'Out of time'], failed: ['failed', () => 'Failed'],
}

const SO_FAR: (typeof WORDS)['part'] = ['waiting', () => 'So far']
const UNFINISHED: (typeof WORDS)['running'] = ['cancelled', () => 'Not finished']

interface Props {
  candidate: Candidate
  /** What it is judged on. */
  parts: 'fold' | 'origin'
  /** Whether the search goes on: one that was tried on a part may still be continued. */
  going: boolean
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
  const titleOf = (name: string) => (found?.params.find((param) => param.name === name)?.title ?? name.replace(/[_.]/g, ' ')).toLowerCase()
  return { icon: found?.icon, hue: hue(module.split('.')[0] ?? ''), titleOf }
}

/** A model on the leaderboard. */
export function CandidateRow({ candidate, parts, going, rank, range, best, weight, open, onOpen }: Props) {
  const { icon, hue, titleOf } = useTitles(candidate.module)
  const { name, score, error, settings, state, folds, predict, seconds, why, stages } = candidate
  const [mark, words] = going && state === 'part' ? SO_FAR : !going && state === 'running' ? UNFINISHED : WORDS[state]
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
      <td title={why || undefined}><span className={classes.state}><StateMark state={mark} size={14} />{words(folds, parts)}</span>{state !== 'done' && last && <small>{last.where}{last.value !== null && `: ${metricWords(last.value)}`}</small>}</td>
      <td data-number data-wide className="figures">{predict === null ? '–' : `${(1000 * predict).toPrecision(2)}\u00a0ms`}</td>
      <td data-number className="figures">{seconds ? duration(seconds) : '–'}</td>
    </tr>
  )
}

interface Details {
  candidate: Candidate
  metric: MetricOf | null
  parts: 'fold' | 'origin'
  /** Its share of the blend. */
  share: number | undefined
  /** Further metrics, by name. */
  others: Record<string, number>
  opens: Opens
}

/** The learning curve of a model: its score on more and more rows, and what each trial took. */
export function CandidateDetails({ candidate, metric, parts, share, others, opens }: Details) {
  const { titleOf } = useTitles(candidate.module)
  const known = candidate.stages.flatMap(({ value }) => (value === null ? [] : [value]))
  return (
    <div className={classes.details}>
      <div>
        <table>
          <thead><tr><th scope="col">Trained on</th><th scope="col" data-number>{metric?.title ?? 'Score'}</th><th scope="col" data-number>Seconds</th></tr></thead>
          <tbody>
            {candidate.stages.map(({ where, value, seconds, state }) => (
              <tr key={where}><td><span className={classes.state}><StateMark state={state} size={14} />{where}</span></td><td data-number className="figures">{value === null ? '–' : metricWords(value)}</td><td data-number className="figures">{seconds === null ? '–' : duration(seconds)}</td></tr>
            ))}
          </tbody>
        </table>
        {known.length > 1 && <figure><Sparkline values={known} label={`Learning curve of ${candidate.name}: ${known.map(metricWords).join(', ')}`} /><figcaption>Learning curve</figcaption></figure>}
      </div>
      <CandidateFacts candidate={candidate} parts={parts} share={share} others={others} />
      {candidate.why && <p>{candidate.why}</p>}
      <p className={classes.soft}>{settingsWords(candidate.settings, titleOf) || 'All settings have their defaults.'}{candidate.score !== null && ` · ${scoreWords(candidate.score, candidate.error)}`}</p>
      <CandidateActions name={candidate.name} opens={opens} />
    </div>
  )
}
