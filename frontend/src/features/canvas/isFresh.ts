import { useRun } from '../../state/run'

const JUST_NOW = 2000

/** Whether its step finished a moment ago, so that its result may rise; a card that comes into view is still. */
export function isFresh(node: string): boolean {
  const at = useRun.getState().run?.steps[node]?.finished_at
  return typeof at === 'string' && Date.now() - Date.parse(at) < JUST_NOW
}
