/** A node as a card: its module, what differs from the default, and its state. */
import type { NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { mostSevere } from '../../core/base/problems'
import type { Module } from '../../core/catalogue/catalogue'
import { cardWords } from '../../core/graph/cardShape'
import type { GraphNode } from '../../core/graph/graph'
import { foldedIn } from '../../core/graph/groups'
import { useCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { useDrawn } from '../../state/drawn'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import { hueStyle } from '../../ui/hueStyle'
import { markOf } from '../../ui/markOf'
import { Tile } from '../../ui/Tile'
import classes from './Card.module.css'
import { CardAlert, CardLine, CardProgress } from './CardLine'
import { CardMark } from './CardMark'
import { FoldedCard } from './FoldedCard'
import { Ports } from './Port'
import { Ring } from './Ring'
import { SpokenName } from './SpokenName'
import { useCardMark } from './useCardMark'
import { useChanged } from './useChanged'
import { useDetail } from './useDistance'
import type { CardNode } from './useFlowElements'

interface FaceProps {
  id: string
  node: GraphNode
  module: Module | undefined
  hue: number
  /** Without it, what the view can move without is left out. */
  whole: boolean
}

function Corner({ id }: { id: string }) {
  const shown = useCardMark(id)
  const changed = useChanged(shown)
  return <span className={classes.corner} data-still={!changed || undefined}>{shown && <CardMark id={id} shown={shown} />}</span>
}

function NearFace({ id, node, module, hue, whole }: FaceProps) {
  const words = cardWords(node, module)
  return (
    <>
      <span className={classes.head}>
        <Tile icon={module?.icon} hue={hue} size={28} />
        <span className={classes.words}>
          <span className={classes.title} title={module && module.title !== words.title ? module.title : undefined}>{words.title}</span>
          {whole && <Corner id={id} />}
          <CardLine id={id} node={node} module={module} words={words} />
        </span>
      </span>
      {whole && (
        <>
          <CardAlert id={id} />
          <SpokenName id={id} title={words.title} note={node.comment ?? undefined} />
          {node.comment && <span className={classes.note} title={node.comment} data-testid="note" />}
          <CardProgress id={id} />
          <Ports id={id} module={module} bare={false} />
        </>
      )}
    </>
  )
}

function FarFace({ id, node, module, hue, whole }: FaceProps) {
  return (
    <>
      <span className={classes.head}>
        <Tile icon={module?.icon} hue={hue} size={36} />
        <span className={classes.title}>{cardWords(node, module).title}</span>
      </span>
      {whole && <Ports id={id} module={module} bare />}
    </>
  )
}

function ModuleCard({ id, selected, node }: { id: string; selected: boolean; node: GraphNode }) {
  const catalogue = useCatalogue()
  const { distance, whole } = useDetail()
  const step = useRun((state) => stepOf(id)(state)?.state ?? 'idle')
  const mark = useRun((state) => {
    const step = stepOf(id)(state)
    return step && markOf(step)
  })
  const stale = useStale((state) => state.stale.has(id))
  const unfinished = useCheck((state) => state.byNode[id] !== undefined && mostSevere(state.byNode[id]) === 'unfinished')
  const module = catalogue.module(node.module)
  const face = { id, node, module, hue: catalogue.hue(module?.shelf ?? ''), whole }
  return (
    <div
      className={`shelf ${classes.card}`} data-testid={`node-${id}`} data-state={step} data-mark={mark} data-stale={stale || undefined}
      data-selected={selected || undefined} data-unfinished={unfinished || undefined} data-distance={distance} style={hueStyle(face.hue)}
    >
      {distance === 'near' && <NearFace {...face} />}
      {distance === 'far' && <FarFace {...face} />}
      {distance !== 'farthest' && <Ring id={id} />}
    </div>
  )
}

function AnyCard({ id, selected }: NodeProps<CardNode>) {
  const node = useDrawn((state) => state.nodes[id])
  if (!node) return null
  return foldedIn(node.module) === null ? <ModuleCard id={id} selected={selected} node={node} /> : <FoldedCard id={id} selected={selected} node={node} />
}

export const Card = memo(AnyCard)
