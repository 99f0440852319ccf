/** The mark in the corner of a card. */
import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { duration, memory } from '../../core/base/numbers'
import { skippedWords, warningsOf, type Step } from '../../core/runs/runs'
import { STALE_WORDS } from '../../core/runs/staleness'
import { useCheck } from '../../state/check'
import { useTitles } from '../../state/catalogue'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import { markOf } from '../../ui/markOf'
import { STATE_WORDS, StateMark, type MarkState } from '../../ui/StateMark'
import { CardGaps, CardProblems, CardWarnings } from './CardProblems'
import type { Shown } from './cardMarkOf'
import { useMemoryWarning } from './useCardMark'

function words(step: Step, mark: MarkState): string {
  if (mark === 'reused') return `Reused. ${step.why ?? ''}`
  if (mark === 'failed' && step.error) return [step.error.words, step.error.remedy].filter(Boolean).join(' ')
  if (mark === 'done') return `Done in ${duration(step.seconds)}${step.peak_bytes ? `, with ${memory(step.peak_bytes)} of memory` : ''}. ${step.why ?? ''}`
  if (step.tries && mark === 'waiting') return `Temporary failure, retrying. ${step.error?.words ?? step.why ?? ''}`
  return [STATE_WORDS[mark], step.why].filter(Boolean).join('. ')
}

function Told({ label, name, children }: { label: string; name: string; children: ReactNode }) {
  return <Tooltip label={label} position="right"><span role="img" aria-label={name}>{children}</span></Tooltip>
}

/** The share done, in hundredths: it renders only when the arc would differ. */
const shareOf = ({ progress }: Step) => (progress?.total ? Math.round((100 * progress.done) / progress.total) / 100 : null)

function StepMark({ id }: { id: string }) {
  const step = useRun(stepOf(id))
  const titleOf = useTitles()
  const skipped = useRun(({ run }) => (run && step?.state === 'skipped' ? skippedWords(run, id, titleOf) : null))
  if (!step) return null
  const mark = markOf(step)
  return <Told label={skipped ? `${STATE_WORDS.skipped}. ${skipped}` : words(step, mark)} name={STATE_WORDS[mark]}><StateMark state={mark} progress={shareOf(step)} /></Told>
}

function StaleMark({ id }: { id: string }) {
  const stale = useStale((state) => state.stale.get(id))
  return stale ? <Told label={STALE_WORDS[stale]} name="The result is outdated"><StateMark state="stale" /></Told> : null
}

function MemoryMark({ id }: { id: string }) {
  const told = useMemoryWarning(id)
  return told && <Told label={told} name={told}><StateMark state="warning" /></Told>
}

function ProblemMark({ id }: { id: string }) {
  const problems = useCheck((state) => state.byNode[id])
  return problems && <CardProblems problems={problems} />
}

function WarningMark({ id }: { id: string }) {
  const step = useRun(stepOf(id))
  const lines = useRun((state) => state.logs[id])
  const warnings = warningsOf(step, lines)
  return warnings.length > 0 && <CardWarnings node={id} lines={warnings} />
}

function GapsMark({ id }: { id: string }) {
  const failed = useRun((state) => stepOf(id)(state)?.failed_items ?? 0)
  return <CardGaps node={id} failed={failed} />
}

export function CardMark({ id, shown }: { id: string; shown: Shown }) {
  if (shown === 'stale') return <StaleMark id={id} />
  if (shown === 'problem' || shown === 'caution') return <ProblemMark id={id} />
  if (shown === 'memory') return <MemoryMark id={id} />
  if (shown === 'gaps') return <GapsMark id={id} />
  if (shown === 'warning') return <WarningMark id={id} />
  return <StepMark id={id} />
}
