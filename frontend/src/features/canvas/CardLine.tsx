/** The second line of a card, and what a running or failed step adds below. */
import { UnstyledButton } from '@mantine/core'
import { useEffect, useState } from 'react'
import { counted, duration } from '../../core/base/numbers'
import { mostSevere } from '../../core/base/problems'
import type { Module } from '../../core/catalogue/catalogue'
import { hasSigns, WORDS_WIDTH, type CardWords } from '../../core/graph/cardShape'
import type { GraphNode } from '../../core/graph/graph'
import { missingWords } from '../../core/graph/missing'
import { fitting } from '../../core/graph/textWidth'
import { secondsToNextTry, stepSeconds, type Step } from '../../core/runs/runs'
import { currentCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { stepOf, useRun } from '../../state/run'
import classes from './Card.module.css'
import { CardExecution } from './CardExecution'
import { goTo } from './CardProblems'
import { alertWords } from './cardTold'

const TICK = 100

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const secondsWords = (seconds: number) => (seconds < 60 ? `${seconds.toFixed(1)}\u00a0s` : duration(seconds))

/** What a running step says of itself, and for how long it has been running; or when it is tried again. */
function Going({ step }: { step: Step }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK)
    return () => clearInterval(timer)
  }, [])
  const next = secondsToNextTry(step, now)
  if (next !== null) return `Retrying in ${Math.ceil(next)}\u00a0s`
  const seconds = stepSeconds(step, now)
  return [capital(step.progress?.words ?? ''), seconds === null ? '' : secondsWords(seconds)].filter(Boolean).join(' · ')
}

/** What is missing, while nothing worse is wrong. */
function useMissing(id: string, module: Module | undefined): string[] | null {
  const problems = useCheck((state) => state.byNode[id])
  return problems && mostSevere(problems) === 'unfinished' ? missingWords(problems, module, currentCatalogue()) : null
}

interface Props {
  id: string
  node: GraphNode
  module: Module | undefined
  words: CardWords
}

export function CardLine({ id, node, module, words }: Props) {
  const step = useRun(stepOf(id))
  const missing = useMissing(id, module)
  const signs = hasSigns(node.execution)
  const going = step && (step.state === 'running' || secondsToNextTry(step, 0) !== null)
  const told = missing ? fitting(missing, WORDS_WIDTH) : step?.state === 'done' && step.failed_items > 0 ? `${counted(step.failed_items, 'failed item')}` : words.line
  if (!going && !told && !signs) return null
  return (
    <span className={classes.line}>
      <span className={classes.does} title={going ? undefined : missing?.join('. ') ?? words.whole}>{going ? <Going step={step} /> : told}</span>
      {node.execution && <CardExecution execution={node.execution} />}
    </span>
  )
}

export function CardProgress({ id }: { id: string }) {
  const progress = useRun((state) => {
    const step = stepOf(id)(state)
    return step?.state === 'running' ? step.progress : null
  })
  if (!progress) return null
  const { done, total } = progress
  return (
    <span className={classes.progress} role="progressbar" aria-label="Progress" aria-valuenow={done} aria-valuemax={total ?? undefined}>
      <span style={{ width: total ? `${Math.min(100, (100 * done) / total)}%` : '30%' }} />
    </span>
  )
}

/** Why the step failed, and what to do; a click goes to where it is done. One button: as a button of its own, the remedy would not flow on from the words. */
export function CardAlert({ id }: { id: string }) {
  const error = useRun((state) => {
    const step = stepOf(id)(state)
    return step?.state === 'failed' ? step.error : null
  })
  if (!error) return null
  const { words, remedy } = alertWords(error)
  return (
    <UnstyledButton className={`${classes.alert} nodrag`} title={`${words} ${remedy}`} onClick={() => goTo({ node: id, param: error.param }, 'log')}>
      <span><b>{words}</b> <span className={classes.remedy}>{remedy}</span></span>
    </UnstyledButton>
  )
}
