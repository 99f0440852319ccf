/** Why a step was executed, as sentences with the values before and now; or which result was reused. */
import { Button, Skeleton } from '@mantine/core'
import { useState } from 'react'
import type { Module } from '../../core/catalogue/catalogue'
import { mayCompareTables } from '../../core/runs/explanation'
import { skippedWords, type Step } from '../../core/runs/runs'
import { useCatalogue, useTitles } from '../../state/catalogue'
import { useExplanation } from '../../state/explanation'
import { useRun } from '../../state/run'
import { ExplanationView } from '../../ui/ExplanationView'
import { Part } from './Part'

/** Tables are compared only when asked: that reads both. */
function Explained({ run, node, module, reason }: { run: string; node: string; module: Module | undefined; reason: string | null }) {
  const [columns, setColumns] = useState(false)
  const brief = useExplanation(run, node, false)
  const whole = useExplanation(run, node, true, columns)
  const why = whole.data ?? brief.data
  if (!why) return brief.isPending ? <Skeleton h={18} /> : null
  return (
    <>
      <ExplanationView why={why} module={module} reason={reason} />
      {mayCompareTables(why) && !whole.data && <Button size="compact-xs" variant="subtle" ml={-8} style={{ alignSelf: 'flex-start' }} loading={columns && whole.isPending} onClick={() => setColumns(true)}>Show which columns differ</Button>}
    </>
  )
}

export function WhyItRan({ node, step }: { node: string; step: Step }) {
  const titleOf = useTitles()
  const run = useRun((state) => state.run?.id)
  const skipped = useRun((state) => (step.state === 'skipped' && state.run ? skippedWords(state.run, node, titleOf) : step.why))
  const module = useCatalogue().module(useRun((state) => state.run?.graph.nodes[node]?.module) ?? '')
  if (step.state === 'skipped' || step.state === 'cancelled') return skipped ? <Part title="Why it did not run">{<ExplanationView why={{ reused: false, run: null, words: skipped, differences: [] }} module={module} />}</Part> : null
  return <Part title={step.reused ? 'Why it was reused' : 'Why it ran'}>{run && <Explained run={run} node={node} module={module} reason={step.why} />}</Part>
}
