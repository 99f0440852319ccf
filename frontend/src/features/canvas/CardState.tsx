/** The corner of a card: the state of its step as an icon, and the reason in words. */
import { Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { duration, memory } from '../../core/base/numbers'
import { secondsToNextTry, stepSeconds, type Step } from '../../core/runs/runs'
import { markOf } from '../../ui/markOf'
import { STATE_WORDS, StateMark, type MarkState } from '../../ui/StateMark'
import classes from './Card.module.css'

function words(step: Step, mark: MarkState): string {
  if (mark === 'reused') return `Reused. ${step.why ?? ''}`
  if (mark === 'failed' && step.error) return [step.error.words, step.error.remedy].filter(Boolean).join(' ')
  if (mark === 'running' && step.progress?.words) return step.progress.words
  if (mark === 'done') return `Done in ${duration(step.seconds)}${step.peak_bytes ? `, with ${memory(step.peak_bytes)} of memory` : ''}. ${step.why ?? ''}`
  if (step.tries && mark === 'waiting') return `Temporary failure, retrying. ${step.error?.words ?? step.why ?? ''}`
  return [STATE_WORDS[mark], step.why].filter(Boolean).join('. ')
}

const TICK = 100

function Elapsed({ step }: { step: Step }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK)
    return () => clearInterval(timer)
  }, [])
  const next = secondsToNextTry(step, now)
  if (next !== null) return <span className={`${classes.elapsed} figures`}>again in {Math.ceil(next)} s</span>
  const seconds = stepSeconds(step, now)
  return <span className={`${classes.elapsed} figures`}>{seconds === null ? '' : seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds)}</span>
}

export function CardState({ step }: { step: Step }) {
  const mark = markOf(step)
  return (
    <Tooltip label={words(step, mark)} position="right">
      <span className={classes.state} role="img" aria-label={STATE_WORDS[mark]}>
        {(mark === 'running' || secondsToNextTry(step, 0) !== null) && <Elapsed step={step} />}
        <StateMark state={mark} />
      </span>
    </Tooltip>
  )
}

export function CardProgress({ step }: { step: Step }) {
  if (step.state !== 'running' || !step.progress) return null
  const { done, total } = step.progress
  return (
    <span className={classes.progress} role="progressbar" aria-valuenow={done} aria-valuemax={total ?? undefined}>
      <span style={{ width: total ? `${Math.min(100, (100 * done) / total)}%` : '30%' }} />
    </span>
  )
}
