import { UnstyledButton } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import { withElk } from '../../core/graph/layout'
import { edgeWords, LINEAGE_CARD, placed, type Lineage, type LineageNode, type Placed } from '../../core/runs/lineage'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { KindMark } from './KindMark'
import classes from './lineage.module.css'

interface Props {
  lineage: Lineage
  onFocus: (id: string) => void
}

const { width, height } = LINEAGE_CARD

/** The columns in question at a card, of all its outputs. */
const columnsOf = ({ columns }: LineageNode) => [...new Set(Object.values(columns).flat())]

/** The graph from left to right. A click on a card asks for its lineage. */
export function LineageGraph({ lineage, onFocus }: Props) {
  const laid = usePlaced(lineage)
  const box = useRef<HTMLDivElement>(null)
  const [first] = lineage.focus
  useEffect(() => {
    const [x = 0, y = 0] = laid?.places[first ?? ''] ?? []
    const view = box.current
    view?.scrollTo(x - (view.clientWidth - width) / 2, y - (view.clientHeight - height) / 2)
  }, [laid, first])
  if (!laid) return <ListSkeleton />
  return (
    <div ref={box} className={classes.graph} tabIndex={-1} role="group" aria-label="Lineage graph" style={{ height: `min(${laid.height + 2}px, max(320px, 100vh - 240px))` }}>
      <div className={classes.sheet} style={{ width: laid.width, height: laid.height }}>
        <svg className={classes.wires} width={laid.width} height={laid.height} aria-hidden>
          {lineage.edges.map((edge) => {
            const [from, to] = [laid.places[edge.source], laid.places[edge.target]]
            if (!from || !to) return null
            const [x1, y1, x2, y2] = [from[0] + width, from[1] + height / 2, to[0], to[1] + height / 2]
            const reach = Math.max(28, (x2 - x1) / 2)
            return <path key={`${edge.source} ${edge.source_port} ${edge.target} ${edge.target_port}`} data-basis={lineage.column === null ? undefined : edge.basis} d={`M${x1} ${y1}C${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}`}>{lineage.column !== null && <title>{edgeWords(edge)}</title>}</path>
          })}
        </svg>
        {lineage.nodes.map((node) => <Card key={node.id} node={node} at={laid.places[node.id] ?? [0, 0]} focused={lineage.focus.includes(node.id) && lineage.focus.length === 1} onFocus={onFocus} />)}
      </div>
    </div>
  )
}

function Card({ node, at, focused, onFocus }: { node: LineageNode; at: readonly number[]; focused: boolean; onFocus: (id: string) => void }) {
  const columns = columnsOf(node)
  return (
    <UnstyledButton
      className={classes.card} data-focused={focused || undefined} aria-current={focused || undefined} style={{ left: at[0], top: at[1], width, height }} title={[node.detail, ...node.people, ...columns].join('\n')}
      onClick={() => onFocus(node.id)}
    >
      <KindMark node={node} />
      <span className={classes.words}>
        <span className={classes.title}>{node.title}</span>
        <span className={classes.line}>{columns.length > 0 ? columns.join(', ') : node.detail}</span>
        <span className={classes.line}>{node.people.join(', ')}</span>
      </span>
    </UnstyledButton>
  )
}

/** The layout of a lineage; null until it is computed. */
function usePlaced(lineage: Lineage): Placed | null {
  const [laid, setLaid] = useState<{ of: string; placed: Placed } | null>(null)
  const key = useMemo(() => JSON.stringify([lineage.nodes.map(({ id }) => id), lineage.edges.map(({ source, target }) => [source, target])]), [lineage])
  useEffect(() => {
    let wanted = true
    void withElk((elk) => placed(lineage, elk)).then((found) => {
      if (wanted) setLaid({ of: key, placed: found })
    })
    return () => { wanted = false }
  }, [key, lineage])
  return laid?.of === key ? laid.placed : null
}
