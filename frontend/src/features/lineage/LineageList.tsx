import { UnstyledButton } from '@mantine/core'
import { Link } from 'wouter'
import { edgeWords, listed, type Lineage, type Listed } from '../../core/runs/lineage'
import { Section } from '../../ui/Section'
import { KindMark } from './KindMark'
import classes from './lineage.module.css'

interface Props {
  lineage: Lineage
  onFocus: (id: string) => void
}

/** The same as the graph, nearest first. */
export function LineageList({ lineage, onFocus }: Props) {
  if (lineage.focus.length > 1) return <Rows title="Steps and what they are connected with" rows={lineage.nodes.map((node) => ({ node, distance: 0, edge: null }))} told={false} onFocus={onFocus} />
  const told = lineage.column !== null
  return (
    <>
      <Rows title="Made of" rows={listed(lineage, 'back')} told={told} onFocus={onFocus} />
      <Rows title="Used by" rows={listed(lineage, 'forward')} told={told} onFocus={onFocus} />
    </>
  )
}

type Row = Omit<Listed, 'edge'> & { edge: Listed['edge'] | null }

function Rows({ title, rows, told, onFocus }: { title: string; rows: Row[]; told: boolean; onFocus: (id: string) => void }) {
  if (rows.length === 0) return null
  return (
    <Section title={title}>
      <ul className={classes.list}>
        {rows.map(({ node, distance, edge }) => (
          <li key={node.id} className={classes.row} style={{ paddingLeft: 12 + Math.min(distance, 12) * 14 }}>
            <KindMark node={node} />
            <span className={classes.words}>
              <UnstyledButton className={classes.title} onClick={() => onFocus(node.id)} aria-label={`Lineage of ${node.title}`}>{node.title}</UnstyledButton>
              <span className={classes.line}>{[node.detail, ...node.people].join(' · ')}</span>
              {edge && told && <span className={classes.line}>{edgeWords(edge)}</span>}
            </span>
            <Link href={node.href} className={classes.open} aria-label={`Open ${node.title}`}>Open</Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
