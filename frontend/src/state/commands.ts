/** The registered commands by id, and the conditions that they share. */
import { contributed, type Command } from './contributions'
import { useDocument } from './document'
import { nudgeChosen } from './edit'
import { useRun } from './run'
import { isBusy } from './runDraft'
import { useSelection } from './selection'

export const mayEdit = () => {
  const { readOnly, pipelineId } = useDocument.getState()
  return !readOnly && pipelineId !== null
}
export const mayRun = () => mayEdit() && !isBusy(useRun.getState())
export const hasChosen = () => useSelection.getState().nodes.size > 0
export const chosen = () => [...useSelection.getState().nodes]

export const commandOf = (id: string): Command | undefined => contributed.commands.find((command) => command.id === id)

/** The given commands that are available; viewers get only those that change nothing. */
export function availableCommands(ids: readonly string[]): Command[] {
  return ids.flatMap((id) => commandOf(id) ?? []).filter(({ section, whenPossible, can }) => (mayEdit() || section === 'View') && !(whenPossible && !can?.()))
}

const STEPS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Moves the selection with the arrow keys: by 10, or by 1 with Shift. */
export function nudgeBy(key: string, shift: boolean): boolean {
  const step = STEPS[key]
  if (!step || !hasChosen() || !mayEdit()) return false
  const far = shift ? 1 : 10
  nudgeChosen(step[0] * far, step[1] * far)
  return true
}
