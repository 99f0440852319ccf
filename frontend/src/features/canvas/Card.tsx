/** A node as a card: its module, what differs from the default, and its state. */
import type { NodeProps } from '@xyflow/react'
import { memo, useState, type CSSProperties } from 'react'
import { mostSevere } from '../../core/base/problems'
import type { Module } from '../../core/catalogue/catalogue'
import { cardWords, portLeft } from '../../core/graph/cardShape'
import type { GraphNode } from '../../core/graph/graph'
import { useCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { useDocument } from '../../state/document'
import { usePeople } from '../../state/people'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import { hueStyle } from '../../ui/hueStyle'
import { markOf } from '../../ui/markOf'
import { Tile } from '../../ui/Tile'
import classes from './Card.module.css'
import { CardAlert, CardLine, CardProgress } from './CardLine'
import { CardMark } from './CardMark'
import { Port } from './Port'
import { SpokenName } from './SpokenName'
import { useCardMark } from './useCardMark'
import { useDetail } from './useDistance'
import type { CardNode } from './useFlowElements'

function Ports({ id, module, bare }: { id: string; module: Module | undefined; bare: boolean }) {
  return (
    <>
      {module?.inputs.map((port, at) => <Port key={port.name} node={id} port={port} side="input" left={portLeft(at, module.inputs.length)} bare={bare} />)}
      {module?.outputs.map((port, at) => <Port key={port.name} node={id} port={port} side="output" left={portLeft(at, module.outputs.length)} bare={bare} />)}
    </>
  )
}

/** The outline and name of another user who has this card selected. */
function Ring({ id }: { id: string }) {
  const person = usePeople((state) => state.others.find((other) => other.chosen.includes(id)))
  if (!person) return null
  return <span className={classes.ring} style={{ '--person': person.colour } as CSSProperties}><span>{person.name}</span></span>
}

interface FaceProps {
  id: string
  node: GraphNode
  module: Module | undefined
  hue: number
  /** Without it, what the view can move without is left out. */
  whole: boolean
}

/** Whether the mark has changed since the card was drawn: one that only comes into view is still. */
function useChanged(shown: string | null): boolean {
  const [seen, setSeen] = useState({ shown, changed: false })
  if (seen.shown !== shown) setSeen({ shown, changed: true })
  return seen.changed
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

function CardFace({ id, selected }: NodeProps<CardNode>) {
  const node = useDocument((state) => state.nodes[id])
  const catalogue = useCatalogue()
  const { distance, whole } = useDetail()
  const step = useRun((state) => stepOf(id)(state)?.state ?? 'idle')
  const mark = useRun((state) => {
    const step = stepOf(id)(state)
    return step && markOf(step)
  })
  const stale = useStale((state) => state.stale.has(id))
  const unfinished = useCheck((state) => state.byNode[id] !== undefined && mostSevere(state.byNode[id]) === 'unfinished')
  if (!node) return null
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

export const Card = memo(CardFace)
