import { IconBox, IconDatabase, IconPackage, IconPlugConnected } from '@tabler/icons-react'
import type { LineageNode } from '../../core/runs/lineage'
import { StateMark, type MarkState } from '../../ui/StateMark'
import classes from './lineage.module.css'

const MARKS: Record<string, MarkState> = { done: 'done', failed: 'failed', skipped: 'skipped', cancelled: 'cancelled', running: 'running' }
const ICONS: Record<string, typeof IconBox> = { dataset: IconDatabase, model: IconPackage, endpoint: IconPlugConnected }

/** A dataset, a step with its state, or another thing. */
export function KindMark({ node }: { node: LineageNode }) {
  if (node.kind === 'run') return <span className={classes.mark}><StateMark state={MARKS[node.state] ?? 'waiting'} /></span>
  const Icon = ICONS[node.kind] ?? IconBox
  return <span className={classes.mark}><Icon size={16} stroke={1.6} aria-hidden /></span>
}
