import { IconArrowBarToDown, IconArrowBarUp, IconPinned, IconPlayerPlay } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { splitEnd } from '../../core/graph/graph'
import { FATES, inFlow, scoringCards, wiresOf, type Part, type Scoring } from '../../core/runs/scoring'
import { CardGraph, type DrawnCard } from '../../ui/CardGraph'
import { FateMark } from './FateMark'
import classes from './scoring.module.css'

const TONES = { kept: undefined, replaced: 'accent', passed: 'faint', cut: 'faint' } as const
const PARTS: Record<Part, typeof IconPinned> = { request: IconArrowBarToDown, pinned: IconPinned, step: IconPlayerPlay, answer: IconArrowBarUp }

interface Props {
  run: string
  scoring: Scoring
}

/** The training pipeline with what becomes of each step, beside the pipeline that follows from it. Pointing at a card lights what it stands for in the other. */
export function ScoringGraphs({ run, scoring }: Props) {
  const [, go] = useLocation()
  const [pointed, setPointed] = useState<{ side: 'training' | 'scoring'; id: string } | null>(null)
  const cards = useMemo(() => scoringCards(scoring), [scoring])
  const [trainingWires, scoringWires] = useMemo(() => [wiresOf(scoring.training), wiresOf(scoring.document)], [scoring])
  const open = (node: string | undefined) => node && go(`/runs/${run}?node=${encodeURIComponent(node)}`)
  const training = inFlow(scoring).map(({ node, title, fate, reason }): DrawnCard => ({
    id: node, mark: <FateMark fate={fate} />, title, lines: [FATES[fate].title, reason], hint: `${title}: ${FATES[fate].title.toLowerCase()}.\n${reason}`, tone: TONES[fate],
    lit: pointed?.side === 'scoring' && cards.find(({ id }) => id === pointed.id)?.of.includes(node),
  }))
  const way = new Set(scoring.decisions.filter(({ fate }) => fate !== 'cut').map(({ node }) => node))
  const derived = cards.map(({ id, part, title, lines, of }): DrawnCard => {
    const Icon = PARTS[part]
    return {
      id, mark: <Icon size={16} stroke={1.7} aria-hidden />, title, lines, hint: [title, ...lines].join('\n'), tone: part === 'pinned' ? 'accent' : undefined,
      lit: pointed?.side === 'training' && of.includes(pointed.id),
    }
  })
  return (
    <div className={classes.pair}>
      <section>
        <h2 className={classes.name}>Training pipeline</h2>
        <CardGraph
          label="Training pipeline" flow="DOWN" cards={training} first={splitEnd(scoring.request).node} onPick={open} onPoint={(id) => setPointed(id === null ? null : { side: 'training', id })}
          wires={trainingWires.map((wire) => ({ ...wire, faint: !way.has(wire.source) || !way.has(wire.target), dashed: !way.has(wire.source) || !way.has(wire.target) }))}
        />
      </section>
      <section>
        <h2 className={classes.name}>Scoring pipeline</h2>
        <CardGraph
          label="Scoring pipeline" flow="DOWN" cards={derived} wires={scoringWires} first={splitEnd(scoring.request).node}
          onPick={(id) => open(cards.find((card) => card.id === id)?.of[0])} onPoint={(id) => setPointed(id === null ? null : { side: 'scoring', id })}
        />
      </section>
    </div>
  )
}
