/** A node as a card: its module, summary and state. */
import type { NodeProps } from '@xyflow/react'
import { memo, type CSSProperties } from 'react'
import { portLeft } from '../../core/graph/cardShape'
import type { Module } from '../../core/catalogue/catalogue'
import { describeNode } from '../../core/catalogue/describe'
import type { GraphNode } from '../../core/graph/graph'
import { counted } from '../../core/base/numbers'
import { mostSevere } from '../../core/base/problems'
import { useCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { useDocument } from '../../state/document'
import { usePeople } from '../../state/people'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import { markOf } from '../../ui/markOf'
import { hueStyle } from '../../ui/hueStyle'
import { Tile } from '../../ui/Tile'
import { STATE_WORDS } from '../../ui/StateMark'
import classes from './Card.module.css'
import { CardExecution } from './CardExecution'
import { CardMarks } from './CardMarks'
import { Port } from './Port'
import { useDistance } from './useDistance'
import { cardNameId, type CardNode } from './useFlowElements'

function Ports({ id, module }: { id: string; module: Module | undefined }) {
  return (
    <>
      {module?.inputs.map((port, at) => <Port key={port.name} node={id} port={port} side="input" left={portLeft(at, module.inputs.length)} />)}
      {module?.outputs.map((port, at) => <Port key={port.name} node={id} port={port} side="output" left={portLeft(at, module.outputs.length)} />)}
    </>
  )
}

/** The outline and name of another user who has this card selected. */
function Ring({ id }: { id: string }) {
  const person = usePeople((state) => state.others.find((other) => other.chosen.includes(id)))
  if (!person) return null
  return <span className={classes.ring} style={{ '--person': person.colour } as CSSProperties}><span>{person.name}</span></span>
}

/** A name normalised for comparison: “Automobile price” is automobile_price. */
const plain = (text: string) => text.toLowerCase().replaceAll('_', ' ')

function Words({ node, module, id }: { node: GraphNode; module: Module | undefined; id: string }) {
  const does = module ? describeNode(module, node.params) : 'This module is not installed.'
  const said = plain(does) === plain(node.title ?? '') ? '' : does
  const named = module && node.title && node.title !== module.title ? module.title : ''
  return (
    <>
      <span className={classes.title}>{node.title || module?.title || id}</span>
      <span className={classes.second}>
        <span className={classes.does}>{[named, said].filter(Boolean).join(' · ') || module?.summary}</span>
        {node.execution && <CardExecution execution={node.execution} />}
      </span>
      {node.comment && <span className={classes.comment} title={node.comment}>{node.comment}</span>}
    </>
  )
}

/** The accessible name of the card: its name, the state of its step, and its problems. */
function SpokenName({ id, title }: { id: string; title: string }) {
  const step = useRun(stepOf(id))
  const stale = useStale((state) => state.stale.has(id))
  const problems = useCheck((state) => state.byNode[id])
  const wrong = problems && (mostSevere(problems) === 'unfinished' ? 'not finished' : counted(problems.length, 'problem'))
  const words = [title, step && STATE_WORDS[markOf(step)].toLowerCase(), stale && 'the result is outdated', wrong].filter(Boolean)
  return <span id={cardNameId(id)} className="visually-hidden">{words.join(', ')}</span>
}

function CardFace({ id, selected }: NodeProps<CardNode>) {
  const node = useDocument((state) => state.nodes[id])
  const catalogue = useCatalogue()
  const distance = useDistance()
  const step = useRun((state) => stepOf(id)(state)?.state ?? 'idle')
  const mark = useRun((state) => {
    const step = stepOf(id)(state)
    return step && markOf(step)
  })
  const unfinished = useCheck((state) => state.byNode[id] !== undefined && mostSevere(state.byNode[id]) === 'unfinished')
  if (!node) return null
  const module = catalogue.module(node.module)
  const hue = catalogue.hue(module?.shelf ?? '')
  return (
    <div className={`shelf ${classes.card}`} data-testid={`node-${id}`} data-state={step} data-selected={selected || undefined} data-mark={mark} data-unfinished={unfinished || undefined} data-distance={distance} style={hueStyle(hue)}>
      {distance === 'far' && <span className={classes.farTitle}>{node.title || module?.title || id}</span>}
      {distance === 'near' && (
        <>
          <Tile icon={module?.icon} hue={hue} size={28} />
          <Words node={node} module={module} id={id} />
          <SpokenName id={id} title={node.title || module?.title || id} />
          <CardMarks id={id} />
          <Ports id={id} module={module} />
        </>
      )}
      {distance !== 'farthest' && <Ring id={id} />}
    </div>
  )
}

export const Card = memo(CardFace)
