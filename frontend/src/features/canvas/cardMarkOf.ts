/** The one mark of a card: trouble before progress, progress before what is outdated, and only then what is fine. */
import type { MarkState } from '../../ui/StateMark'

export type Shown = MarkState | 'problem' | 'caution' | 'memory' | 'gaps'

export interface Marks {
  /** The mark of its step. */
  step: MarkState | undefined
  stale: boolean
  /** The most severe of the draft's problems. */
  problem: 'error' | 'warning' | 'unfinished' | undefined
  memory: boolean
  warnings: boolean
  /** Items of its step failed, and it may have some. */
  gaps: boolean
}

const GOING: readonly (MarkState | undefined)[] = ['failed', 'running', 'waiting']

export function cardMarkOf({ step, stale, problem, memory, warnings, gaps }: Marks): Shown | null {
  if (GOING.includes(step)) return step ?? null
  if (problem === 'error') return 'problem'
  if (problem === 'unfinished') return null
  if (stale) return 'stale'
  if (problem === 'warning') return 'caution'
  if (memory) return 'memory'
  if (gaps) return 'gaps'
  if (warnings) return 'warning'
  return step ?? null
}
