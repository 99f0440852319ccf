import { Tooltip, UnstyledButton } from '@mantine/core'
import { useMemo } from 'react'
import { counted, duration, memory } from '../../core/base/numbers'
import { isFinished, type Run } from '../../core/runs/runs'
import { timeline, type TimelineRow } from '../../core/runs/timeline'
import { useTitles } from '../../state/catalogue'
import { StateWords } from '../../ui/StateWords'
import { useNow } from '../../ui/useNow'
import classes from './timeline.module.css'

interface Props {
  run: Run
  selected: string | null
  onSelect: (node: string) => void
}

const TICKS = [0, 0.25, 0.5, 0.75, 1]

/** The timeline of a run's steps; the critical path is marked by thicker bars. */
export function RunTimeline({ run, selected, onSelect }: Props) {
  const now = useNow(!isFinished(run.state))
  const titleOf = useTitles()
  const { scaled, seconds, rows } = useMemo(() => timeline(run, now, titleOf), [run, now, titleOf])
  return (
    <div className={classes.timeline} data-scaled={scaled || undefined}>
      <div className={`${classes.columns} ${classes.scale}`} aria-hidden>
        <span>Step</span><span>State</span><span data-number>Time</span><span data-number>Memory</span>
        <div className={classes.ticks}>{scaled && TICKS.map((at) => <span key={at} style={{ left: `${at * 100}%` }}>{duration(at * seconds)}</span>)}</div>
      </div>
      <ol className={classes.steps} aria-label="Steps">
        {rows.map((row) => <li key={row.node}><StepRow row={row} selected={row.node === selected} onSelect={() => onSelect(row.node)} /></li>)}
      </ol>
      {rows.some(({ critical }) => critical) && <p className={classes.legend}><span className={classes.bar} data-state="done" data-critical aria-hidden /> Critical path: a faster step here shortens the run.</p>}
    </div>
  )
}

function StepRow({ row, selected, onSelect }: { row: TimelineRow; selected: boolean; onSelect: () => void }) {
  const { step, title, seconds, from, to, critical } = row
  const words = [step.why, step.error?.words, step.failed_items > 0 && `${counted(step.failed_items, 'item')} failed.`, critical && 'On the critical path: a faster step here shortens the run.'].filter(Boolean).join(' ')
  return (
    <UnstyledButton className={`${classes.columns} ${classes.step}`} aria-pressed={selected} onClick={onSelect}>
      <span className={classes.title}>{title}</span>
      <StateWords state={step.state} reused={step.reused} failedItems={step.failed_items} />
      <span data-number>{step.reused ? '–' : duration(seconds)}</span>
      <span data-number title="Peak memory">{!step.reused && step.peak_bytes ? memory(step.peak_bytes) : ''}</span>
      <Tooltip label={words} disabled={!words}>
        <span className={classes.track}>
          {from !== null && to !== null && (
            <span className={classes.bar} data-state={step.state} data-reused={step.reused || undefined} data-critical={critical || undefined} style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
          )}
        </span>
      </Tooltip>
    </UnstyledButton>
  )
}
