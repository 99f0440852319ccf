import { useShownPlace } from '../../state/shownPlace'
import { Empty } from '../../ui/Empty'
import { NodeLog } from './NodeLog'

/** The log of the selected module. */
export function LogTab() {
  const { node: chosen } = useShownPlace()
  return chosen ? <NodeLog key={chosen} node={chosen} /> : <Empty title="Select a module">Its log appears here.</Empty>
}
