/** A drawing of cards and wires in layers, to look at: lineage, and what becomes of a pipeline. */
import { Tooltip, UnstyledButton } from '@mantine/core'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { cardWire, placed, startOf, type Flow, type Placed } from '../core/graph/cards'
import { withElk } from '../core/graph/layout'
import classes from './CardGraph.module.css'
import { ListSkeleton } from './ListSkeleton'

export interface DrawnCard {
  id: string
  mark: ReactNode
  title: string
  lines: string[]
  /** In full, on hover and focus. */
  hint: string
  tone?: 'accent' | 'faint' | 'failed'
  /** It is what was asked for. */
  focused?: boolean
  /** It belongs to a card that is pointed at. */
  lit?: boolean
}

export interface DrawnWire {
  source: string
  target: string
  dashed?: boolean
  faint?: boolean
  /** On hover. */
  title?: string
}

interface Props {
  label: string
  flow: Flow
  cards: DrawnCard[]
  wires: DrawnWire[]
  /** The card that is in view at first. */
  first?: string
  onPick: (id: string) => void
  /** A card is pointed at, or focused; null when none is. */
  onPoint?: (id: string | null) => void
}

const CARD = { width: 220, height: 76 }

export function CardGraph({ label, flow, cards, wires, first, onPick, onPoint }: Props) {
  const laid = usePlaced(cards, wires, flow)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const view = box.current
    if (!laid || !view) return
    const [left, top] = startOf(first, laid, CARD, { width: view.clientWidth, height: view.clientHeight })
    view.scrollTo({ left, top })
  }, [laid, first])
  if (!laid) return <ListSkeleton />
  return (
    <div ref={box} className={classes.graph} tabIndex={-1} role="group" aria-label={label} style={{ maxHeight: 'max(320px, 100vh - 240px)' }}>
      <div className={classes.sheet} style={{ width: laid.width, height: laid.height }}>
        <svg className={classes.wires} width={laid.width} height={laid.height} aria-hidden>
          {wires.map(({ source, target, dashed, faint, title }, at) => {
            const [from, to] = [laid.places[source], laid.places[target]]
            return from && to && <path key={at} data-dashed={dashed || undefined} data-faint={faint || undefined} d={cardWire(from, to, CARD, flow)}>{title && <title>{title}</title>}</path>
          })}
        </svg>
        {cards.map((card) => <Card key={card.id} card={card} at={laid.places[card.id] ?? [0, 0]} onPick={onPick} onPoint={onPoint} />)}
      </div>
    </div>
  )
}

function Card({ card, at, onPick, onPoint }: { card: DrawnCard; at: readonly number[]; onPick: Props['onPick']; onPoint: Props['onPoint'] }) {
  const { id, mark, title, lines, hint, tone, focused, lit } = card
  return (
    <Tooltip label={<span className={classes.hint}>{hint}</span>} multiline maw={320} openDelay={350} events={{ hover: true, focus: true, touch: false }} disabled={hint === ''}>
      <UnstyledButton
        className={classes.card} data-tone={tone} data-focused={focused || undefined} data-lit={lit || undefined} aria-current={focused || undefined} style={{ left: at[0], top: at[1], ...CARD }}
        onClick={() => onPick(id)} onMouseEnter={() => onPoint?.(id)} onMouseLeave={() => onPoint?.(null)} onFocus={() => onPoint?.(id)} onBlur={() => onPoint?.(null)}
      >
        <span className={classes.mark}>{mark}</span>
        <span className={classes.words}>
          <span className={classes.title}>{title}</span>
          {lines.map((line, place) => <span key={place} className={classes.line}>{line}</span>)}
        </span>
      </UnstyledButton>
    </Tooltip>
  )
}

/** The layout of cards and wires; null until it is computed. */
function usePlaced(cards: readonly DrawnCard[], wires: readonly DrawnWire[], flow: Flow): Placed | null {
  const [laid, setLaid] = useState<{ of: string; placed: Placed } | null>(null)
  const key = useMemo(() => JSON.stringify([cards.map(({ id }) => id), wires.map(({ source, target }) => [source, target]), flow]), [cards, wires, flow])
  useEffect(() => {
    let wanted = true
    const [ids, ends, way] = JSON.parse(key) as [string[], [string, string][], Flow]
    void withElk((elk) => placed(ids, ends, CARD, way, elk)).then((found) => {
      if (wanted) setLaid({ of: key, placed: found })
    })
    return () => { wanted = false }
  }, [key])
  return laid?.of === key ? laid.placed : null
}
