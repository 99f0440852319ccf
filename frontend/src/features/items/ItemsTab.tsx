import { IconListDetails } from '@tabler/icons-react'
import { isSearch } from '../../core/runs/candidates'
import { mayEdit } from '../../state/commands'
import { useChosenItems } from '../../state/forEach'
import { useRun } from '../../state/run'
import { hasEnded, hasGaps, isBusy, runAgain } from '../../state/runDraft'
import { Empty } from '../../ui/Empty'
import { ItemsView } from './ItemsView'

/** The items of the selected module. */
export function ItemsTab() {
  const run = useRun((state) => state.run?.id)
  const busy = useRun(isBusy)
  const node = useChosenItems()
  const gaps = useRun((state) => hasGaps(state.run?.steps[node ?? '']))
  const over = useRun((state) => hasEnded(state.run?.steps[node ?? '']))
  const searches = useRun((state) => isSearch(state.run?.graph.nodes[node ?? '']?.module))
  if (!run || !node) return <Empty title="Select a module" icon={IconListDetails}>Its items appear here.</Empty>
  return <ItemsView key={`${run} ${node}`} run={run} node={node} over={over} board={searches ? `/automl/${run}?node=${node}` : null} onAgain={gaps && !busy && mayEdit() ? () => void runAgain() : null} />
}
