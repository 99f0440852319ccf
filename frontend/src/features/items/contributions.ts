import { mayRun } from '../../state/commands'
import type { Contributions } from '../../state/contributions'
import { chosenItems, useChosenItems } from '../../state/forEach'
import { useHasItems } from '../../state/items'
import { hasGaps, runAgain } from '../../state/runDraft'
import { useRun } from '../../state/run'
import { showTab } from '../../state/view'
import { ItemsTab } from './ItemsTab'

const chosenStep = () => {
  const node = chosenItems()
  return node ? useRun.getState().run?.steps[node] : undefined
}

export const contributions: Contributions = {
  tabs: [{ id: 'items', title: 'Items', order: 15, Panel: ItemsTab, useShown: () => useHasItems(useChosenItems()) }],
  commands: [
    { id: 'items', title: 'Show module items', section: 'View', keys: [], run: () => showTab('items'), can: () => (chosenStep()?.fans ?? 0) > 0, whenPossible: true },
    { id: 'run_failed_items', title: 'Run failed items again', section: 'Run', keys: [], run: () => void runAgain(), can: () => mayRun() && hasGaps(chosenStep()), whenPossible: true },
  ],
}
