import { IconTable } from '@tabler/icons-react'
import { useRun } from '../../state/run'
import { choosePort, onlyChosen, useSelection } from '../../state/selection'
import { Empty } from '../../ui/Empty'
import { ResultsDrawer, RunToHere } from './ResultsDrawer'

/** The results of the selected module. */
export function ResultsTab() {
  const runId = useRun((state) => state.run?.id)
  const chosen = useSelection(onlyChosen)
  const port = useSelection((state) => state.port)
  if (!runId) return <Empty title="No results yet" icon={IconTable} actions={chosen && <RunToHere node={chosen} />}>{chosen ? 'Run to here to see the results of this module.' : 'Press Run. Then select a module, or click one of its ports, to see its results.'}</Empty>
  if (!chosen) return <Empty title="Select a module" icon={IconTable}>Its rows, charts or report appear here.</Empty>
  return <ResultsDrawer runId={runId} node={chosen} port={port?.node === chosen ? port.port : null} onPick={choosePort} />
}
