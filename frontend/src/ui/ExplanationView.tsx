import { Anchor, Button } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Module } from '../core/catalogue/catalogue'
import { told, type Difference, type Explanation } from '../core/runs/explanation'
import classes from './ExplanationView.module.css'

const MOST = 5

function Value({ words, now = false }: { words: string | null; now?: boolean }) {
  return <span className={classes.value} data-now={now || undefined} title={words ?? undefined}>{words ?? 'none'}</span>
}

function Sentence({ difference, module }: { difference: Difference; module: Module | undefined }) {
  const { lead, name, values } = told(difference, module)
  return (
    <p>
      {lead}{lead && name && ' '}{name && <b>{name}</b>}
      {values ? <> changed from <Value words={values.before} /> to <Value words={values.after} now />.</> : name ? '.' : lead.endsWith('.') ? '' : ' changed.'}
    </p>
  )
}

interface Props {
  why: Explanation
  /** The module of the step: it has the titles of settings and ports. */
  module: Module | undefined
  /** The step's own reason: asked for again, or reused. Without one, the differences are the reason. */
  reason?: string | null
}

/** The reason, a sentence for each difference with its value before and now, and the run it is compared with. */
export function ExplanationView({ why, module, reason }: Props) {
  const [all, setAll] = useState(false)
  const { differences } = why
  const shown = all ? differences : differences.slice(0, MOST)
  const words = reason || (differences.length === 0 ? why.words : '')
  return (
    <div className={classes.explanation}>
      {words && <p>{words}</p>}
      {shown.map((one) => <Sentence key={`${one.kind} ${one.name}`} difference={one} module={module} />)}
      {differences.length > shown.length && <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>Show {differences.length - MOST} more</Button>}
      {why.run && <Anchor component={Link} href={`/runs/${why.run}`} fz={12}>{why.reused ? 'Open the original run' : 'Open the previous run'}</Anchor>}
    </div>
  )
}
