import { edgeWords, type Lineage, type LineageNode } from '../../core/runs/lineage'
import { CardGraph, type DrawnCard } from '../../ui/CardGraph'
import { KindMark } from './KindMark'

interface Props {
  lineage: Lineage
  onFocus: (id: string) => void
}

function cardOf(node: LineageNode, focused: boolean): DrawnCard {
  const columns = [...new Set(Object.values(node.columns).flat())] // in question, of all its outputs
  return {
    id: node.id, mark: <KindMark node={node} />, title: node.title, lines: [columns.length > 0 ? columns.join(', ') : node.detail, node.people.join(', ')],
    hint: [node.title, node.detail, ...node.people, ...columns].join('\n'), focused,
  }
}

/** The graph from left to right. A click on a card asks for its lineage. */
export function LineageGraph({ lineage, onFocus }: Props) {
  const told = lineage.column !== null
  return (
    <CardGraph
      label="Lineage graph" flow="RIGHT" first={lineage.focus[0]} onPick={onFocus}
      cards={lineage.nodes.map((node) => cardOf(node, lineage.focus.includes(node.id) && lineage.focus.length === 1))}
      wires={lineage.edges.map((edge) => ({ source: edge.source, target: edge.target, dashed: told && edge.basis === 'all', title: told ? edgeWords(edge) : undefined }))}
    />
  )
}
