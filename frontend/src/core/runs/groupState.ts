/** The state of a sub-pipeline: what its steps are together. */
import type { Step } from './runs'

export interface GroupState {
  /** Undefined while one of its modules has no step. */
  state: 'failed' | 'running' | 'waiting' | 'cancelled' | 'skipped' | 'done' | 'reused' | undefined
  finished: number
  /** The first step that failed, else the first that runs. */
  at: string | null
}

/** Trouble before progress, progress before what is fine. */
const ORDER = ['failed', 'running', 'waiting', 'cancelled', 'skipped'] as const

type Stepped = Pick<Step, 'state' | 'reused'>

export function groupState(members: readonly string[], stepOf: (node: string) => Stepped | undefined): GroupState {
  const steps = members.flatMap((node): [string, Stepped][] => {
    const step = stepOf(node)
    return step ? [[node, step]] : []
  })
  const stands = (step: Stepped) => (step.state === 'ready' ? 'waiting' : step.state)
  const first = (state: string) => steps.find(([, step]) => stands(step) === state)?.[0] ?? null
  const finished = steps.filter(([, { state }]) => state === 'done').length
  const found = ORDER.find((state) => first(state) !== null)
  const at = first('failed') ?? first('running')
  if (found === 'waiting' && finished > 0) return { state: 'running', finished, at }
  const whole = steps.length === members.length && finished === members.length && finished > 0
  return { state: found ?? (whole ? (steps.every(([, { reused }]) => reused) ? 'reused' : 'done') : undefined), finished, at }
}
